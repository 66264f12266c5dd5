// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.nested;

import io.multijvm.failure.FailureKind;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.dispatch.CallState;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.internal.result.Sink;
import io.multijvm.internal.result.WorkerId;
import io.multijvm.wire.v1.FromNested;
import io.multijvm.wire.v1.NestedAttempt;
import io.multijvm.wire.v1.NestedGrant;
import io.multijvm.wire.v1.NestedOutcome;
import io.multijvm.wire.v1.ToNested;
import io.multijvm.worker.nested.Frame;
import io.multijvm.worker.nested.NestedHost;
import io.multijvm.worker.nested.NestedLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * One call of a task to its own pool, in the worker that runs the task. What came in and what became of it is owned by the
 * line's thread; other threads leave it word there, and take items to run from a queue.
 */
final class OpenCall {
    private static final ItemBlock NO_BLOCK = new ItemBlock.Builder(0, 0).build();

    /** The coordinator opens the gate further as it knows more; so far it is open without asking. */
    private static final int FIRST_ITEMS = 8;

    private final NestedHost host;
    private final NestedLine line;
    private final Frame frame;
    private final CallState call;
    private final CallState.Asked asked;
    private final Sink sink;
    private final long number;
    private final WorkerDesk desk;
    private final CallCode code;

    // the line's thread
    /** Items without an outcome, by the index of the first of their block: they may come back to be run here. */
    private final TreeMap<Long, Held> held = new TreeMap<>();

    private long givenIn;
    private long done;
    /** Of those that are done. */
    private long failed;

    private long dropped;
    private boolean inputEnded;
    private boolean helperRuns;

    // any thread
    private final Deque<Granted> granted = new ConcurrentLinkedDeque<>();
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    private final Set<GrantedRun> running = ConcurrentHashMap.newKeySet();
    /** The item's thread waits somewhere else. */
    private volatile boolean aside;

    private volatile boolean over;
    /** Its time was over before it was. */
    private boolean expired;

    private static final class Held {
        final ItemBlock block;
        final BitSet answered = new BitSet();

        Held(ItemBlock block) {
            this.block = block;
        }

        /** An item has its outcome; true if it was the last one. */
        boolean answer(long index) {
            int at = (int) (index - block.firstIndex());
            if (answered.get(at)) {
                throw new IllegalStateException("item " + index + " of a call of a task has a second outcome");
            }
            answered.set(at);
            return answered.cardinality() == block.count();
        }
    }

    /** An item that is to be run here. */
    private record Granted(ItemBlock block, long index, int attempt, long callId) {}

    /** @param number what the call is told by on the line */
    OpenCall(Frame frame, CallState call, long number, WorkerDesk desk) {
        this.frame = frame;
        this.host = frame.host();
        this.line = host.line();
        this.call = call;
        this.asked = call.asked();
        this.sink = asked.sink();
        this.number = number;
        this.desk = desk;
        this.code = new CallCode(asked.function(), host.codec());
    }

    void begin() {
        host.listen(number, this::hear);
        line.send(NestedWords.begin(number, asked, frame).toByteArray());
        asked.gate().open(FIRST_ITEMS, FIRST_ITEMS);
        Duration deadline = asked.settings().deadline();
        if (deadline != null) {
            line.later(() -> expire(deadline), deadline);
        }
    }

    // ---- from any thread; each sends on the line's thread, so that all words keep their order

    void items(ItemBlock block) {
        byte[] message = NestedWords.items(number, block).toByteArray();
        line.execute(() -> {
            if (over) {
                sink.accepted(block);
                if (expired) {
                    late(block.firstIndex(), block, "it had not begun");
                    sink.turnEnded();
                }
                return;
            }
            held.put(block.firstIndex(), new Held(block));
            givenIn += block.count();
            sink.accepted(block);
            line.send(message);
            desk.watch();
        });
    }

    void notEncoded(long index, PayloadException why) {
        line.execute(() -> {
            givenIn++;
            done++;
            failed++;
            if (!over) {
                tellProgress();
                sink.offer(NO_BLOCK, RawOutcome.error(index, 0, why));
                sink.turnEnded();
                line.send(NestedWords.notEncoded(number, index).toByteArray());
            }
        });
    }

    void inputEnded(@Nullable Throwable failure) {
        line.execute(() -> {
            inputEnded = true;
            if (!over) {
                sink.inputEnded(givenIn, failure);
                tellProgress();
                sink.turnEnded();
                line.send(NestedWords.inputEnded(number).toByteArray());
                endIfDone();
            }
        });
    }

    void taken(int items, long bytes) {
        send(NestedWords.taken(number, items, bytes));
    }

    void cancel(boolean byForce) {
        line.execute(() -> {
            if (!over) {
                line.send(NestedWords.cancel(number, byForce).toByteArray());
                abandon(new CancellationException("cancelled"));
            }
        });
    }

    /** What runs may come to its end. */
    void letRun() {
        line.execute(() -> {
            if (!over) {
                line.send(NestedWords.letRun(number).toByteArray());
                abandon(new CancellationException("cancelled"), true);
            }
        });
    }

    /** The one item that this future waits for. */
    void cancel(Object future) {
        unwanted(future, false);
    }

    /** As {@link #cancel(Object)}, but if it runs it may come to its end. */
    void letRun(Object future) {
        unwanted(future, true);
    }

    private void unwanted(Object future, boolean letRun) {
        line.execute(() -> held.values().stream()
                .filter(each -> each.block.owner() == future)
                .findFirst()
                .ifPresent(each -> {
                    long index = each.block.firstIndex();
                    if (!letRun) {
                        running.stream().filter(run -> run.itemIndex() == index).forEach(GrantedRun::stop);
                    }
                    line.send(NestedWords.cancelItem(number, index, letRun).toByteArray());
                }));
    }

    private void send(FromNested word) {
        byte[] message = word.toByteArray();
        line.execute(() -> line.send(message));
    }

    // ---- threads that wait

    /** Runs an item if one was given to this worker; else this thread counts as waiting. */
    boolean help() {
        Granted next = granted.pollFirst();
        if (next != null) {
            run(next);
            return true;
        }
        if (!over && waiting.add(Thread.currentThread())) {
            tellWhoWaits();
        }
        return false;
    }

    void waited() {
        if (waiting.remove(Thread.currentThread())) {
            tellWhoWaits();
        }
    }

    boolean hasWaiting(Thread thread) {
        return waiting.contains(thread);
    }

    /** Told once for many that come and go between two words. */
    private void tellWhoWaits() {
        line.execute(this::whoWaits);
    }

    private boolean toldWaiting;

    private void whoWaits() {
        boolean waits = aside || !waiting.isEmpty();
        if (!waits) {
            giveBack();
        }
        if (!over && waits != toldWaiting) {
            toldWaiting = waits;
            line.send(NestedWords.waiting(number, waits).toByteArray());
        }
    }

    /** Whether the item's thread waits elsewhere, so that somebody beside it has to run what is granted. */
    void aside(boolean waits) {
        if (aside != waits) {
            aside = waits;
            whoWaits();
        }
    }

    boolean unfinished() {
        return !over && done < givenIn;
    }

    boolean runsHere() {
        return !running.isEmpty();
    }

    private void run(Granted item) {
        if (over || sink.unwanted(item.block())) {
            line.execute(() -> ran(item, RawOutcome.dropped(item.index()), 0, null));
            return;
        }
        GrantedRun run = new GrantedRun(frame, code, asked, item.block(), item.index(), item.attempt(), item.callId());
        running.add(run);
        long begin = System.nanoTime();
        try {
            RawOutcome outcome = run.run();
            long nanos = System.nanoTime() - begin;
            // read here, for the line's thread must not
            FailureKind why = outcome.isFailure() ? outcome.kind() : null;
            line.execute(() -> ran(item, outcome, nanos, why));
        } finally {
            running.remove(run);
        }
    }

    // ---- the line's thread

    private void ran(Granted item, RawOutcome outcome, long nanos, @Nullable FailureKind why) {
        if (!over) {
            line.send(NestedWords.ran(number, outcome, nanos, why).toByteArray());
            if (asked.kind() == CallState.Kind.SUBMITS && !outcome.isDropped()) {
                WorkerId here = new WorkerId(
                        host.slot(), host.incarnation(), ProcessHandle.current().pid());
                for (int late = item.attempt(); late < outcome.attempts(); late++) {
                    sink.attempted(item.block(), here, -1, FailureKind.TIMEOUT);
                }
                sink.attempted(item.block(), here, nanos, null);
            }
            became(outcome);
            sink.turnEnded();
            endIfDone();
        }
    }

    private void hear(ToNested said) {
        if (over) {
            return;
        }
        switch (said.getKindCase()) {
            case GATE -> {
                if (said.getGate().getAsk()) {
                    asked.gate().askForHeldBack();
                } else {
                    asked.gate().open(said.getGate().getOpenTo(), said.getGate().getBlockItems());
                }
            }
            case OUTCOMES -> {
                for (NestedOutcome outcome : said.getOutcomes().getOutcomeList()) {
                    became(NestedWords.outcome(outcome));
                }
                sink.turnEnded();
                endIfDone();
            }
            case ABANDONED -> {
                String why = said.getAbandoned().getWhy();
                abandon(
                        said.getAbandoned().getBroken()
                                ? new PoolBrokenException(why, null)
                                : new CancellationException(why));
            }
            case ATTEMPTS -> said.getAttempts().getAttemptList().forEach(this::attempted);
            case GRANT -> granted(said.getGrant());
            case RECLAIM -> giveBack();
            case KIND_NOT_SET -> throw new IllegalStateException("a message that says nothing");
        }
    }

    private void attempted(NestedAttempt told) {
        Held item = heldWith(told.getIndex());
        if (item != null) {
            sink.attempted(
                    item.block,
                    new WorkerId(told.getSlot(), told.getIncarnation(), told.getPid()),
                    told.getNanos(),
                    told.getWhy().isEmpty() ? null : FailureKind.valueOf(told.getWhy()));
        }
    }

    private void became(RawOutcome outcome) {
        Held item = heldWith(outcome.index());
        if (item == null) {
            return;
        }
        done++;
        if (item.answer(outcome.index())) {
            held.remove(item.block.firstIndex());
        }
        if (outcome.isDropped()) {
            dropped++;
            sink.dropped(item.block);
        } else {
            failed += outcome.isFailure() ? 1 : 0;
            sink.offer(item.block, outcome);
        }
        tellProgress();
    }

    private @Nullable Held heldWith(long index) {
        Map.Entry<Long, Held> at = held.floorEntry(index);
        return at == null || index >= at.getKey() + at.getValue().block.count() ? null : at.getValue();
    }

    private void granted(NestedGrant grant) {
        for (long index = grant.getFirstIndex(); index < grant.getEndIndex(); index++) {
            Held item = heldWith(index);
            if (item != null) {
                granted.addLast(new Granted(item.block, index, grant.getAttempts(), grant.getCallId()));
            }
        }
        if (!waiting.isEmpty()) {
            sink.poke();
        } else if (aside) {
            runAside();
        } else {
            giveBack();
        }
    }

    private void runAside() {
        if (!helperRuns) {
            helperRuns = true;
            desk.inSupport(() -> {
                try {
                    for (Granted next = granted.pollFirst(); next != null; next = granted.pollFirst()) {
                        run(next);
                    }
                } catch (OutOfMemoryError e) {
                    line.retire(e);
                } finally {
                    line.execute(() -> {
                        helperRuns = false;
                        if (aside && !granted.isEmpty()) {
                            runAside();
                        }
                    });
                }
            });
        }
    }

    private void giveBack() {
        List<Long> back = new ArrayList<>();
        for (Granted next = granted.pollLast(); next != null; next = granted.pollLast()) {
            back.add(next.index());
        }
        if (!back.isEmpty() && !over) {
            // without a gap: they are taken from the front only
            line.send(NestedWords.givenBack(number, back.get(back.size() - 1), back.get(0) + 1)
                    .toByteArray());
        }
    }

    private void endIfDone() {
        if (inputEnded && done == givenIn && !over) {
            over = true;
            forget();
        }
    }

    private void tellProgress() {
        long known = inputEnded ? givenIn : asked.expected();
        call.cameTo(done - dropped, failed, known < 0 ? known : Math.max(known, givenIn));
    }

    /** The call's time is over: what has no outcome has failed, and nothing more comes of it. */
    private void expire(Duration deadline) {
        if (over) {
            return;
        }
        line.send(NestedWords.cancel(number, true).toByteArray());
        over = true;
        expired = true;
        granted.clear();
        for (Held each : List.copyOf(held.values())) {
            for (int at = each.answered.nextClearBit(0);
                    at < each.block.count();
                    at = each.answered.nextClearBit(at + 1)) {
                long index = each.block.firstIndex() + at;
                boolean here = running.stream().anyMatch(run -> run.itemIndex() == index);
                late(
                        index,
                        each.block,
                        here ? "it was running in " + host.where() : "it waited for a worker, or another one ran it");
            }
        }
        running.forEach(GrantedRun::stop);
        asked.gate().close();
        if (!inputEnded) {
            inputEnded = true;
            sink.inputEnded(
                    givenIn, TaskTimeoutException.ofCall(givenIn, deadline, "the input had not been read so far"));
        }
        tellProgress();
        sink.turnEnded();
        forget();
    }

    private void late(long index, ItemBlock block, String state) {
        done++;
        failed++;
        Duration deadline = Objects.requireNonNull(asked.settings().deadline());
        sink.offer(block, RawOutcome.error(index, 0, TaskTimeoutException.ofCall(index, deadline, state)));
    }

    private void abandon(Throwable why) {
        abandon(why, false);
    }

    private void abandon(Throwable why, boolean letRun) {
        over = true;
        granted.clear();
        if (!letRun) {
            running.forEach(GrantedRun::stop);
        }
        asked.gate().close();
        sink.abandoned(why);
        sink.turnEnded();
        forget();
    }

    private void forget() {
        host.forget(number);
        held.clear();
        if (asked.kind() != CallState.Kind.SUBMITS || (asked.settings().ofOneTask() && !expired)) {
            desk.forget(asked.id());
        }
        desk.ended(call);
    }
}
