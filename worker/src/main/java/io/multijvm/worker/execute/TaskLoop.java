// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.codec.Failures;
import io.multijvm.codec.ValueCodec;
import io.multijvm.task.SerializableFunction;
import io.multijvm.wire.mapped.ItemState;
import io.multijvm.wire.mapped.RecorderWriter;
import io.multijvm.wire.mapped.ResultKind;
import io.multijvm.wire.v1.FailurePhase;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs chunks, item by item, in the one task thread. An item is finished when its result is committed to the ring, or has
 * arrived at the coordinator where it is too large for that; only then the next one begins.
 */
public final class TaskLoop implements Runnable {
    private static final long LONGEST_NAP = TimeUnit.MILLISECONDS.toNanos(1);
    private static final byte[] NOTHING = new byte[0];

    private final RecorderWriter recorder;
    private final ValueCodec codec;
    private final ResultLine out;
    private final Consumer<OutOfMemoryError> retire;
    private final RunningItem running;
    private final Thread thread;

    private final BlockingQueue<WorkerChunk> waiting = new LinkedBlockingQueue<>();
    /** Chunks that are not finished, for cancels and recalls. */
    private final Map<Long, WorkerChunk> known = new ConcurrentHashMap<>();

    /** When the last item ended; the next one's beginning, unless the thread waited in between. */
    private long lastEnd;

    /**
     * @param out tells the coordinator
     * @param retire ends this process, for a JVM that has run out of memory cannot be trusted; does not return
     */
    public TaskLoop(
            int slot,
            int incarnation,
            RecorderWriter recorder,
            ValueCodec codec,
            ResultLine out,
            Consumer<OutOfMemoryError> retire) {
        this.recorder = recorder;
        this.codec = codec;
        this.out = out;
        this.retire = retire;
        this.thread = new Thread(this, "multijvm-task");
        thread.setContextClassLoader(codec.loader());
        // the life-line and the stream decide when this process ends, not what threads are left
        thread.setDaemon(true);
        this.running = new RunningItem(slot, incarnation, thread);
    }

    public void start() {
        thread.start();
    }

    /** Takes a chunk behind those that wait. From any thread. */
    public void add(WorkerChunk chunk) {
        known.put(chunk.id(), chunk);
        waiting.add(chunk);
    }

    /** Skips the item if it has not begun, interrupts it if it runs. From any thread. */
    public void cancel(long chunkId, int position) {
        WorkerChunk chunk = known.get(chunkId);
        if (chunk != null) {
            chunk.cancel(position);
            running.cancel(chunkId, position);
        }
    }

    /**
     * Gives back items that have not begun. From any thread.
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
                // a task interrupted its own thread's successor, or kept its thread: nobody waits for us here
                Thread.interrupted();
            }
        }
    }

    private void runItem(WorkerChunk chunk, int at) {
        recorder.begin(chunk.id(), at);
        byte[] bytes = NOTHING;
        ResultKind kind = ResultKind.CANCELLED;
        if (!chunk.isCancelled(at)) {
            FailurePhase phase = FailurePhase.FAILURE_PHASE_DECODE_TASK;
            try {
                var function = chunk.code().function(codec);
                phase = FailurePhase.FAILURE_PHASE_DECODE_ITEM;
                Object item = codec.decode(chunk.bytes(at), chunk.offset(at), chunk.length(at));
                phase = FailurePhase.FAILURE_PHASE_RUN;
                recorder.state(ItemState.RUN);
                Object result = call(function, item, chunk, at);
                phase = FailurePhase.FAILURE_PHASE_ENCODE_RESULT;
                recorder.state(ItemState.ENCODE);
                bytes = codec.encode(result, "result");
                kind = ResultKind.VALUE;
            } catch (Throwable e) { // the one place: whatever a task or its payload throws is the item's failure
                kind = ResultKind.FAILURE;
                bytes = failure(e, phase);
            }
        }
        commit(chunk, at, kind, bytes);
    }

    @SuppressWarnings("NullAway") // it does not see the @Nullable of the type arguments
    private @Nullable Object call(
            SerializableFunction<@Nullable Object, @Nullable Object> function,
            @Nullable Object item,
            WorkerChunk chunk,
            int at)
            throws Exception {
        running.begin(chunk, at);
        try {
            return function.applyOrThrow(item);
        } finally {
            running.end();
        }
    }

    private byte[] failure(Throwable e, FailurePhase phase) {
        for (Throwable t = e; t != null && t != t.getCause(); t = t.getCause()) {
            if (t instanceof OutOfMemoryError memory) {
                retire.accept(memory);
            }
        }
        recorder.state(ItemState.ENCODE);
        return Failures.of(e, phase, codec).toByteArray();
    }

    private void commit(WorkerChunk chunk, int at, ResultKind kind, byte[] bytes) {
        long now = System.nanoTime();
        long elapsed = now - lastEnd;
        lastEnd = now;
        if (bytes.length > recorder.maxPayload()) {
            out.large(chunk.id(), at, kind, elapsed, bytes);
        } else {
            long nap = 0;
            while (!recorder.tryCommit(chunk.id(), at, kind, elapsed, bytes, 0, bytes.length)) {
                out.ringFull();
                nap = Math.min(LONGEST_NAP, nap * 2 + 10_000);
                LockSupport.parkNanos(this, nap);
            }
            recorder.state(ItemState.IDLE);
            out.committed(chunk.hasNext() || !waiting.isEmpty());
            return;
        }
        recorder.state(ItemState.IDLE);
    }
}
