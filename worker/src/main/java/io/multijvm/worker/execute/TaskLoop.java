// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.codec.Failures;
import io.multijvm.codec.ValueCodec;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableFunction;
import io.multijvm.wire.mapped.ItemState;
import io.multijvm.wire.mapped.RecorderWriter;
import io.multijvm.wire.mapped.ResultKind;
import io.multijvm.wire.v1.FailurePhase;
import io.multijvm.worker.context.OutOfMemory;
import io.multijvm.worker.nested.NestedHost;
import io.multijvm.worker.shared.Owners;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs chunks, item by item, in the one task thread. An item is finished when its result is committed to the ring, or has
 * arrived at the coordinator where it is too large for that; only then the next one begins.
 */
public final class TaskLoop implements Runnable {
    private static final byte[] NOTHING = new byte[0];

    private final RecorderWriter recorder;
    private final ValueCodec codec;
    private final ResultLine out;
    private final ResultWriter results;
    private final RunningItem running;
    private final Thread thread;

    /** What the task thread is to do, in this order: chunks, and before and behind them the pool's own functions. */
    private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
    /** Chunks that are not finished, for cancels and recalls. */
    private final Map<Long, WorkerChunk> known = new ConcurrentHashMap<>();

    /** Attempts of items that were begun before, by chunk and position; few are. */
    private final Map<Long, Map<Integer, Integer>> begunBefore = new ConcurrentHashMap<>();

    /** Put around each call's function. */
    private UnaryOperator<SerializableFunction<@Nullable Object, @Nullable Object>> around = UnaryOperator.identity();

    // the link's
    private final TreeMap<Long, Set<Integer>> early = new TreeMap<>();
    private long newestChunk;

    /**
     * @param slot for the tasks' context
     * @param incarnation for the tasks' context
     * @param recorder nobody else's, but for the last words
     * @param codec for functions, items and results; its loader becomes the thread's
     * @param out tells the coordinator
     */
    public TaskLoop(int slot, int incarnation, RecorderWriter recorder, ValueCodec codec, ResultLine out) {
        this.recorder = recorder;
        this.codec = codec;
        this.out = out;
        this.results = new ResultWriter(recorder, out, codec.packs());
        this.thread = new Thread(this, "multijvm-task");
        thread.setContextClassLoader(codec.loader());
        // the life-line and the stream decide when this process ends, not what threads are left
        thread.setDaemon(true);
        // without this thread the process would live on and do nothing
        thread.setUncaughtExceptionHandler((self, e) -> out.retire(e));
        this.running = new RunningItem(slot, incarnation, thread);
    }

    /** Tasks may ask for their own pool; before {@link #start}. */
    public void nests(NestedHost host) {
        running.nests(host);
    }

    /** Something is done before each item's task; before {@link #start}. */
    public void around(UnaryOperator<SerializableFunction<@Nullable Object, @Nullable Object>> function) {
        around = function;
    }

    /** The coordinator is told what each item writes to stdout and stderr; before {@link #start}. */
    public void measures(OutputMeter output) {
        results.measures(output);
    }

    public void start() {
        thread.start();
    }

    /** The item that runs now, by its place in its call; -1 if none does. From any thread. */
    public long itemAtHand() {
        return running.indexNow();
    }

    /** As {@link io.multijvm.task.TaskContext#workerId}. From any thread. */
    public String workerId() {
        return running.workerId();
    }

    /** This process is no standby any more but fills that place. The link's, before the first chunk. */
    public void seat(int slot, int incarnation) {
        running.seat(slot, incarnation);
    }

    /** Takes a chunk behind those that wait; their ids ascend. The link's. */
    public void add(WorkerChunk chunk) {
        newestChunk = chunk.id();
        Set<Integer> cancelled = early.remove(chunk.id());
        if (cancelled != null) {
            cancelled.forEach(chunk::cancel);
        }
        early.headMap(newestChunk).clear();
        known.put(chunk.id(), chunk);
        waiting.add(() -> runChunk(chunk));
    }

    /** An item of a chunk that comes next is begun for that time, counted from 1. The link's. */
    public void attempt(long chunkId, int position, int attempt) {
        begunBefore.computeIfAbsent(chunkId, id -> new ConcurrentHashMap<>()).put(position, attempt);
    }

    /** Decodes the pool's functions and runs the first, behind what waits; before the first chunk. The link's. */
    public void initialise(Upkeep upkeep) {
        waiting.add(() -> {
            upkeep.init(thread, recorder, running, codec);
            results.beginAfresh();
        });
    }

    /** Runs the pool's exit function behind what waits. The link's. */
    public void exit(Upkeep upkeep) {
        waiting.add(() -> upkeep.exit(recorder, running, codec));
    }

    /**
     * Skips the item if it has not begun, interrupts it if it runs; at -1 the one that runs and all behind it. May come before the item's chunk, which can wait for
     * credit while a cancel does not. The link's.
     */
    public void cancel(long chunkId, int position) {
        WorkerChunk chunk = known.get(chunkId);
        if (chunk != null) {
            chunk.cancel(position);
            running.cancel(chunkId, position);
        } else if (chunkId > newestChunk) {
            early.computeIfAbsent(chunkId, id -> new HashSet<>()).add(position);
        }
    }

    /**
     * As {@link #cancel}, for an item whose time is over: where it stands is written down before the interrupt moves it.
     * Returns at once, for the stack of a thread that reaches no safepoint can be waited for in vain. The link's.
     */
    public void timeOut(long chunkId, int position) {
        Thread witness = new Thread(
                () -> {
                    if (recorder.isAtHand(chunkId, position)) {
                        recorder.stack(chunkId, position, TaskStack.of(thread));
                    }
                    WorkerChunk chunk = known.get(chunkId);
                    if (chunk != null) {
                        // one that is at hand but whose task was not called yet must not be: the interrupt would come
                        // too early
                        chunk.cancel(position);
                    }
                    running.cancel(chunkId, position);
                },
                "multijvm-witness");
        witness.setDaemon(true);
        witness.start();
    }

    /**
     * Gives back items that have not begun. The link's.
     *
     * @return where the chunk ends now; {@code Integer.MAX_VALUE} if it is finished, so that nothing was given back
     */
    public int recall(long chunkId, boolean all) {
        WorkerChunk chunk = known.get(chunkId);
        return chunk == null ? Integer.MAX_VALUE : chunk.giveBack(all);
    }

    @Override
    public void run() {
        results.beginAfresh();
        while (true) {
            Runnable next = waiting.poll();
            if (next == null) {
                next = await();
            }
            next.run();
        }
    }

    private void runChunk(WorkerChunk chunk) {
        results.chunkBegins();
        for (int at = chunk.begin(); at >= 0; at = chunk.begin()) {
            runItem(chunk, at);
        }
        running.end();
        results.chunkEnds();
        known.remove(chunk.id());
        begunBefore.remove(chunk.id());
    }

    private Runnable await() {
        while (true) {
            try {
                Runnable next = waiting.take();
                results.beginAfresh();
                return next;
            } catch (InterruptedException e) {
                // from a thread that an earlier task left behind: it means nothing here
            }
        }
    }

    private void runItem(WorkerChunk chunk, int at) {
        recorder.begin(chunk.id(), at, results.began());
        byte[] bytes = NOTHING;
        byte[] rest = NOTHING;
        ResultKind kind = ResultKind.CANCELLED;
        FailurePhase phase = FailurePhase.FAILURE_PHASE_DECODE_TASK;
        boolean finished = false;
        try {
            if (!chunk.isCancelled(at)) {
                boolean first = !chunk.code().isDecoded();
                var function = chunk.code().function(codec, around);
                if (first) {
                    // loading the call's classes is not the item's time
                    recorder.begin(chunk.id(), at, System.nanoTime());
                }
                phase = FailurePhase.FAILURE_PHASE_DECODE_ITEM;
                Object item = item(chunk, at);
                phase = FailurePhase.FAILURE_PHASE_RUN;
                recorder.state(ItemState.RUN);
                if (running.begin(chunk, at, attemptOf(chunk.id(), at))) {
                    Object result = call(function, item);
                    running.endQuick();
                    phase = FailurePhase.FAILURE_PHASE_ENCODE_RESULT;
                    recorder.state(ItemState.ENCODE);
                    kind = ResultKind.VALUE;
                    finished = results.finishPacked(chunk, at, result);
                    if (!finished) {
                        running.end();
                        byte[][] parts = codec.encodeInParts(result, "result", recorder.maxPayload());
                        bytes = parts[0];
                        rest = parts[1];
                    }
                }
            }
        } catch (Throwable e) { // the one place: whatever a task or its payload throws is the item's failure
            running.end();
            kind = ResultKind.FAILURE;
            bytes = failure(e, phase);
            rest = NOTHING;
        }
        if (!finished || !chunk.isPacked()) {
            // what comes now may block, and decoding the next item may run the user's code
            running.end();
        }
        chunk.release(at); // of an item that was skipped; one that has run was copied out
        boolean inRing = finished || results.finish(chunk, at, kind, bytes, rest);
        // a death between the commit and this line finds the item both finished and at hand: finished is what counts
        recorder.state(ItemState.IDLE);
        if (inRing) {
            out.committed(chunk.hasNext() || !waiting.isEmpty());
        }
    }

    private @Nullable Object item(WorkerChunk chunk, int at) {
        if (chunk.isPacked()) {
            return chunk.unpack(at);
        }
        PlacedPayload placed = chunk.placed(at);
        Object item = placed == null
                ? codec.decode(chunk.bytes(at), chunk.offset(at), chunk.length(at))
                : placed.decode(codec);
        if (item instanceof SerializableCallable<?> task) {
            Owners.trust(task); // one that was submitted
        }
        return item;
    }

    private int attemptOf(long chunkId, int position) {
        return begunBefore.isEmpty()
                ? 1
                : begunBefore.getOrDefault(chunkId, Map.of()).getOrDefault(position, 1);
    }

    @SuppressWarnings("NullAway") // it does not see the @Nullable of the type arguments
    private static @Nullable Object call(
            SerializableFunction<@Nullable Object, @Nullable Object> function, @Nullable Object item) throws Exception {
        return function.applyOrThrow(item);
    }

    private byte[] failure(Throwable thrown, FailurePhase phase) {
        OutOfMemoryError memory = OutOfMemory.in(thrown);
        if (memory != null) {
            out.retire(memory);
        }
        recorder.state(ItemState.ENCODE);
        return Failures.of(thrown, phase, codec).toByteArray();
    }
}
