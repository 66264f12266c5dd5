// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.codec.Failures;
import io.multijvm.codec.ValueCodec;
import io.multijvm.task.SerializableFunction;
import io.multijvm.wire.arena.PlacedBytes;
import io.multijvm.wire.mapped.ItemState;
import io.multijvm.wire.mapped.RecorderWriter;
import io.multijvm.wire.mapped.ResultKind;
import io.multijvm.wire.v1.FailurePhase;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs chunks, item by item, in the one task thread. An item is finished when its result is committed to the ring, or has
 * arrived at the coordinator where it is too large for that; only then the next one begins.
 */
public final class TaskLoop implements Runnable {
    private static final long SHORTEST_NAP = TimeUnit.MICROSECONDS.toNanos(10);
    private static final long LONGEST_NAP = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int DEEPEST_CAUSE = 16;
    private static final byte[] NOTHING = new byte[0];

    private final RecorderWriter recorder;
    private final ValueCodec codec;
    private final ResultLine out;
    private final RunningItem running;
    private final Thread thread;

    private final BlockingQueue<WorkerChunk> waiting = new LinkedBlockingQueue<>();
    /** Chunks that are not finished, for cancels and recalls. */
    private final Map<Long, WorkerChunk> known = new ConcurrentHashMap<>();

    // the link's
    private final TreeMap<Long, Set<Integer>> early = new TreeMap<>();
    private long newestChunk;

    /** When the last item ended; the next one's beginning, unless the thread waited in between. */
    private long lastEnd;

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
        this.thread = new Thread(this, "multijvm-task");
        thread.setContextClassLoader(codec.loader());
        // the life-line and the stream decide when this process ends, not what threads are left
        thread.setDaemon(true);
        // without this thread the process would live on and do nothing
        thread.setUncaughtExceptionHandler((self, e) -> out.retire(e));
        this.running = new RunningItem(slot, incarnation, thread);
    }

    public void start() {
        thread.start();
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
        waiting.add(chunk);
    }

    /**
     * Skips the item if it has not begun, interrupts it if it runs. May come before the item's chunk, which can wait for
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
        while (true) {
            WorkerChunk chunk = waiting.poll();
            if (chunk == null) {
                chunk = await();
            }
            for (int at = chunk.begin(); at >= 0; at = chunk.begin()) {
                runItem(chunk, at);
            }
            known.remove(chunk.id());
        }
    }

    private WorkerChunk await() {
        while (true) {
            try {
                WorkerChunk chunk = waiting.take();
                lastEnd = System.nanoTime();
                return chunk;
            } catch (InterruptedException e) {
                // from a thread that an earlier task left behind: it means nothing here
            }
        }
    }

    private void runItem(WorkerChunk chunk, int at) {
        recorder.begin(chunk.id(), at, lastEnd);
        byte[] bytes = NOTHING;
        byte[] rest = NOTHING;
        ResultKind kind = ResultKind.CANCELLED;
        FailurePhase phase = FailurePhase.FAILURE_PHASE_DECODE_TASK;
        try {
            if (!chunk.isCancelled(at)) {
                boolean first = !chunk.code().isDecoded();
                var function = chunk.code().function(codec);
                if (first) {
                    // loading the call's classes is not the item's time
                    recorder.begin(chunk.id(), at, System.nanoTime());
                }
                phase = FailurePhase.FAILURE_PHASE_DECODE_ITEM;
                PlacedPayload placed = chunk.placed(at);
                Object item = placed == null
                        ? codec.decode(chunk.bytes(at), chunk.offset(at), chunk.length(at))
                        : placed.decode(codec);
                phase = FailurePhase.FAILURE_PHASE_RUN;
                recorder.state(ItemState.RUN);
                if (running.begin(chunk, at)) {
                    Object result = call(function, item);
                    phase = FailurePhase.FAILURE_PHASE_ENCODE_RESULT;
                    recorder.state(ItemState.ENCODE);
                    byte[][] parts = codec.encodeInParts(result, "result", recorder.maxPayload());
                    bytes = parts[0];
                    rest = parts[1];
                    kind = ResultKind.VALUE;
                }
            }
        } catch (Throwable e) { // the one place: whatever a task or its payload throws is the item's failure
            kind = ResultKind.FAILURE;
            bytes = failure(e, phase);
        }
        chunk.release(at); // of an item that was skipped; one that has run was copied out
        commit(chunk, at, kind, bytes, rest);
    }

    @SuppressWarnings("NullAway") // it does not see the @Nullable of the type arguments
    private @Nullable Object call(
            SerializableFunction<@Nullable Object, @Nullable Object> function, @Nullable Object item) throws Exception {
        try {
            return function.applyOrThrow(item);
        } finally {
            running.end();
        }
    }

    private byte[] failure(Throwable thrown, FailurePhase phase) {
        OutOfMemoryError memory = outOfMemory(thrown);
        if (memory != null) {
            out.retire(memory);
        }
        recorder.state(ItemState.ENCODE);
        return Failures.of(thrown, phase, codec).toByteArray();
    }

    /** The {@code OutOfMemoryError} that it is, or that a library wrapped; causes may go round in a circle. */
    private static @Nullable OutOfMemoryError outOfMemory(Throwable thrown) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < DEEPEST_CAUSE; depth++) {
            if (at instanceof OutOfMemoryError memory) {
                return memory;
            }
            try {
                at = at.getCause();
            } catch (RuntimeException | StackOverflowError e) { // it is the user's method
                return null;
            }
        }
        return null;
    }

    /** The result is {@code head} and, behind it, {@code rest}, which is empty where the ring takes it all. */
    private void commit(WorkerChunk chunk, int at, ResultKind kind, byte[] head, byte[] rest) {
        long now = System.nanoTime();
        long elapsed = now - lastEnd;
        lastEnd = now;
        if (rest.length > 0 || head.length > recorder.maxPayload()) {
            recorder.hasRun();
            PlacedBytes placed = out.place(head, rest);
            if (placed == null) {
                out.large(chunk.id(), at, kind, elapsed, together(head, rest));
                lastEnd = System.nanoTime();
                recorder.state(ItemState.IDLE);
            } else {
                lastEnd = System.nanoTime();
                commitToRing(chunk, at, kind.placed(), elapsed, placed.encoded());
            }
            return;
        }
        commitToRing(chunk, at, kind, elapsed, head);
    }

    private static byte[] together(byte[] head, byte[] rest) {
        if (rest.length == 0) {
            return head;
        }
        byte[] whole = Arrays.copyOf(head, head.length + rest.length);
        System.arraycopy(rest, 0, whole, head.length, rest.length);
        return whole;
    }

    private void commitToRing(WorkerChunk chunk, int at, ResultKind kind, long elapsed, byte[] bytes) {
        if (!recorder.tryCommit(chunk.id(), at, kind, elapsed, bytes, 0, bytes.length)) {
            commitWhenThereIsRoom(chunk, at, kind, elapsed, bytes);
            lastEnd = System.nanoTime();
        }
        // a death between the commit and this line finds the item both finished and at hand: finished is what counts
        recorder.state(ItemState.IDLE);
        out.committed(chunk.hasNext() || !waiting.isEmpty());
    }

    private void commitWhenThereIsRoom(WorkerChunk chunk, int at, ResultKind kind, long elapsed, byte[] bytes) {
        long nap = SHORTEST_NAP;
        recorder.hasRun();
        do {
            out.ringFull();
            // parking returns at once while an interrupt is pending; it is not meant for us
            Thread.interrupted();
            LockSupport.parkNanos(this, nap);
            nap = Math.min(LONGEST_NAP, nap * 2);
        } while (!recorder.tryCommit(chunk.id(), at, kind, elapsed, bytes, 0, bytes.length));
    }
}
