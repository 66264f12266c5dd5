// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.codec.PackedType;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.internal.chunk.Slice;
import io.multijvm.internal.death.Circumstances;
import io.multijvm.internal.death.LifeSigns;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.wire.mapped.ItemState;
import io.multijvm.wire.mapped.RecorderReader;
import io.multijvm.wire.mapped.RecorderWriter;
import io.multijvm.wire.mapped.ResultKind;
import io.multijvm.wire.v1.Failure;
import io.multijvm.wire.v1.FailurePhase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A worker played by the test, with a real recorder: it does what it is told, step by step, and dies when told. */
final class FakeWorker implements WorkerPort, WorkerProcess {
    /** Changes when a standby is given its place. */
    int slot;

    int incarnation;
    final long pid;
    long residentBytes;
    /** What happens while its memory is read. */
    Runnable meanwhile = () -> {};

    final WorkerListener listener;
    final WorkerStarter.Progress progress;
    final List<String> heard = new ArrayList<>();
    /** What its deaths were explained from. */
    final List<Circumstances> diagnosed = new ArrayList<>();

    final Deque<Given> chunks = new ArrayDeque<>();
    /** Indices whose run was begun. */
    final List<Long> begun;

    private final VirtualLoop loop;
    private final RecorderWriter recorder;
    boolean dead;
    boolean running;
    boolean leavesWhenTold = true;
    /** How it dies where the coordinator does not end it. */
    DeathKind death = DeathKind.HALT;
    /** Whether it was asked to have more heap than others. */
    boolean larger;

    long maxHeap = 1;
    /** How its process ends. */
    int exitCode = 1;

    long nanosAnItem = 1_000_000;
    /** Messages lie here until {@link #send}, and die with it; the ring is shared memory and knows no delay. */
    boolean slowToSend;
    /** Decides for each result whether it joins a run, as packed ones do, and whether that is closed then; null for no runs. */
    @Nullable
    Random runs;

    /** What the system says of it; null where it does not tell. */
    @Nullable
    Supplier<LifeSigns> signs;

    private long beats;
    private long runsChunk;
    private final Deque<Runnable> unsent = new ArrayDeque<>();

    static final class Given {
        final long id;
        final long first;
        int end;
        int next;
        final Set<Integer> cancelled = new HashSet<>();

        Given(long id, long first, int end) {
            this.id = id;
            this.first = first;
            this.end = end;
        }
    }

    /** @param startUp lets it come up: when it likes */
    FakeWorker(
            VirtualLoop loop,
            int slot,
            int incarnation,
            WorkerListener listener,
            WorkerStarter.Progress progress,
            Path file,
            List<Long> begun,
            Executor startUp)
            throws IOException {
        this.loop = loop;
        this.slot = slot;
        this.incarnation = incarnation;
        this.listener = listener;
        this.progress = progress;
        this.recorder = RecorderWriter.open(file);
        this.begun = begun;
        this.pid = slot < 0 ? 2000L + incarnation : 900L + 100L * incarnation + slot;
        RecorderReader reader = RecorderReader.open(file);
        startUp.execute(() -> {
            progress.prepared(reader, new OpenDoor());
            progress.launched(this);
            listener.connected(this, pid(), "17", maxHeap);
        });
    }

    boolean hasWork() {
        chunks.removeIf(chunk -> chunk.next >= chunk.end && !running);
        return !dead && !chunks.isEmpty();
    }

    /** Index of the next item; there must be one. */
    long nextIndex() {
        Given chunk = chunks.getFirst();
        return chunk.first + chunk.next;
    }

    /** Begins the next item; one that was cancelled before is skipped and false returned. */
    boolean begin() {
        Given chunk = chunks.getFirst();
        if ((chunk.cancelled.contains(chunk.next) || chunk.cancelled.contains(ALL))) {
            recorder.closeRun(nanosAnItem);
            recorder.tryCommit(chunk.id, chunk.next++, ResultKind.CANCELLED, 0, new byte[0], 0, 0);
            return false;
        }
        recorder.begin(chunk.id, chunk.next, loop.now());
        recorder.state(ItemState.RUN);
        begun.add(nextIndex());
        running = true;
        return true;
    }

    /** Commits what it has begun; rings no bell. */
    void commit() {
        Given chunk = chunks.getFirst();
        if (runs != null && runs.nextInt(4) > 0) {
            commitInRun(chunk, runs);
        } else {
            recorder.closeRun(nanosAnItem);
            commitAlone(chunk);
        }
        chunk.next++;
        recorder.state(ItemState.IDLE);
        running = false;
    }

    /** What it has begun failed, in that phase; rings no bell. */
    void commitFailure(FailurePhase phase) {
        Given chunk = chunks.getFirst();
        byte[] bytes = Failure.newBuilder().setPhase(phase).build().toByteArray();
        recorder.closeRun(nanosAnItem);
        recorder.tryCommit(chunk.id, chunk.next++, ResultKind.FAILURE, nanosAnItem, bytes, 0, bytes.length);
        recorder.state(ItemState.IDLE);
        running = false;
    }

    private void commitInRun(Given chunk, Random random) {
        PackedType type = Objects.requireNonNull(PackedType.of(0L));
        byte[] value = new byte[PackedType.MOST_BYTES];
        int length = type.write(nextIndex(), value, 0);
        if (chunk.id != runsChunk) { // the end of the chunk before was given back
            recorder.closeRun(nanosAnItem);
            runsChunk = chunk.id;
        }
        boolean extended = recorder.tryExtendRun(value, length);
        if (!extended) {
            recorder.closeRun(nanosAnItem);
            if (!recorder.tryBeginRun(chunk.id, chunk.next, type.code(), value, length)) {
                throw new AssertionError("the ring is full, though it is drained each turn");
            }
        }
        if (chunk.next + 1 >= chunk.end || random.nextInt(5) == 0) {
            recorder.closeRun(nanosAnItem);
        }
    }

    private void commitAlone(Given chunk) {
        byte[] bytes = {(byte) nextIndex()};
        if (!recorder.tryCommit(chunk.id, chunk.next, ResultKind.VALUE, nanosAnItem, bytes, 0, 1)) {
            throw new AssertionError("the ring is full, though it is drained each turn");
        }
    }

    /** Runs so many items and rings once. */
    void finish(int items) {
        for (int i = 0; i < items && hasWork(); i++) {
            if (begin()) {
                commit();
            }
        }
        ring();
    }

    void ring() {
        loop.execute(() -> {
            if (!dead) {
                listener.doorbell();
            }
        });
    }

    /** Sends what it was slow to send. */
    void send() {
        while (!unsent.isEmpty()) {
            Runnable message = unsent.removeFirst();
            loop.execute(() -> {
                if (!dead) {
                    message.run();
                }
            });
        }
    }

    /** Its heart beats once; it is watched from then on. */
    void beat() {
        recorder.beat(++beats, 1 << 20);
    }

    /** Its item with that place in the chunk says how far it is. */
    void says(long chunkId, int position, double fraction) {
        loop.execute(() -> listener.progress(chunkId, position, -1, fraction, "at " + fraction));
    }

    /** Commits a record of a chunk that it never got. */
    void lie() {
        recorder.closeRun(nanosAnItem);
        recorder.tryCommit(999_999, 7, ResultKind.VALUE, 1, new byte[1], 0, 1);
        ring();
    }

    /** Commits a run of three results, or one of no type that there is, for the first items of what it has. */
    void lieInARun(boolean tooMany) {
        Given chunk = chunks.getFirst();
        int type = tooMany ? Objects.requireNonNull(PackedType.of(0)).code() : 0x77;
        recorder.tryBeginRun(chunk.id, 0, type, new byte[4], 4);
        if (tooMany) {
            recorder.tryExtendRun(new byte[4], 4);
            recorder.tryExtendRun(new byte[4], 4);
        }
        ring();
    }

    void die() {
        if (!dead) {
            dead = true;
            loop.execute(() -> listener.disconnected("dead"));
            loop.execute(progress::exited);
        }
    }

    private static final class OpenDoor implements WorkerStarter.Entry {
        @Override
        public void taken() {}

        @Override
        public void withdraw() {}
    }

    @Override
    public void setUp(PoolSetup setup) {
        if (setup.hasFunctions()) {
            heard.add("set up");
        }
    }

    /** Its init function is at hand from now on. */
    void beginInit() {
        recorder.begin(0, 0, loop.now());
        recorder.state(ItemState.RUN);
    }

    /** Says that its init function has ended; with a text if by a failure. */
    void initialised(String failure) {
        loop.execute(() -> listener.initialised(failure.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void attempt(long chunkId, int position, int attempt) {
        heard.add("attempt " + attempt + " of " + position);
    }

    @Override
    public void shared(long home, long id, byte @Nullable [] value) {
        heard.add("shared " + home + " " + id + " " + (value == null ? "gone" : value.length + " B"));
    }

    @Override
    public void unshare(long home, long id) {
        heard.add("unshare " + home + " " + id);
    }

    @Override
    public void task(long callId, byte[] function) {}

    @Override
    public void chunk(long chunkId, long callId, List<Slice> items) {
        int size = items.stream().mapToInt(Slice::size).sum();
        heard.add("chunk of " + size);
        chunks.addLast(new Given(chunkId, items.get(0).firstIndex(), size));
    }

    @Override
    public void cancel(long chunkId, int position) {
        heard.add("cancel " + position);
        chunks.stream().filter(chunk -> chunk.id == chunkId).forEach(chunk -> chunk.cancelled.add(position));
    }

    @Override
    public void timeOut(long chunkId, int position) {
        heard.add("time-out of " + position + " at "
                + Duration.ofNanos(loop.now()).toMillis());
        recorder.stack(chunkId, position, "examples.Stuck.here(Stuck.java:1)");
    }

    @Override
    public void recall(long chunkId, boolean all) {
        heard.add(all ? "recall all" : "recall half");
        loop.execute(() -> {
            for (Given chunk : chunks) {
                if (chunk.id == chunkId && !dead) {
                    int started = chunk.next + (running && chunk == chunks.peekFirst() ? 1 : 0);
                    int unstarted = Math.max(0, chunk.end - started);
                    chunk.end -= all ? unstarted : (unstarted + 1) / 2;
                    int end = chunk.end;
                    unsent.addLast(() -> listener.givenBack(chunkId, end));
                    if (!slowToSend) {
                        send();
                    }
                    return;
                }
            }
        });
    }

    @Override
    public void nestedGrant(long call, long firstIndex, long endIndex, int attempts, long callId) {
        heard.add("run " + firstIndex + ".." + endIndex + " of your own call " + call);
    }

    @Override
    public void nestedReclaim(long call) {
        heard.add("give back of your own call " + call);
    }

    @Override
    public void nestedAbandoned(long call, Throwable why) {
        heard.add("no more of your own call " + call);
    }

    @Override
    public void nestedOutcomes(long call, List<RawOutcome> outcomes) {
        outcomes.forEach(each -> heard.add("item " + each.index() + " of your own call " + call + " has its outcome"));
    }

    @Override
    public void forget(long callId) {}

    @Override
    public void seat(int place, int nth) {
        heard.add("seat " + place + " " + nth);
        slot = place;
        incarnation = nth;
    }

    @Override
    public OptionalLong residentBytes() {
        meanwhile.run();
        return OptionalLong.of(residentBytes);
    }

    @Override
    public Optional<LifeSigns> lifeSigns() {
        return signs == null ? Optional.empty() : Optional.of(signs.get());
    }

    @Override
    public void killWithStacks() {
        kill();
    }

    @Override
    public List<String> whereItStood() {
        return List.of("examples.Start.here(Start.java:7)");
    }

    @Override
    public void bye(String reason) {
        heard.add("bye");
        if (leavesWhenTold) {
            die();
        }
    }

    @Override
    public void flush() {}

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public void terminate() {
        heard.add("TERM at " + Duration.ofNanos(loop.now()).toMillis());
    }

    @Override
    public void kill() {
        heard.add("KILL at " + Duration.ofNanos(loop.now()).toMillis());
        die();
    }

    @Override
    public Death diagnose(Circumstances known) {
        diagnosed.add(known);
        return new Death(new CrashReport(
                known.reason() == null ? death : known.reason().kind(),
                known.at(),
                known.reason() == null ? "died in a script" : known.reason().what(),
                OptionalInt.of(exitCode),
                OptionalInt.empty(),
                known.item(),
                known.worker(),
                new CrashReport.Memory(known.heapUsed(), known.heapMax(), 0, 0),
                "",
                List.of(),
                List.of(),
                List.of(),
                "",
                "nothing: it was a script"));
    }

    @Override
    public String whyNotStarted() {
        return "worker " + slot + " did not start: so the script says";
    }

    @Override
    public void forget() {}
}
