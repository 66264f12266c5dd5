// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import com.google.protobuf.UnsafeByteOperations;
import io.multijvm.wire.v1.Attempt;
import io.multijvm.wire.v1.Cancel;
import io.multijvm.wire.v1.Credit;
import io.multijvm.wire.v1.Frame;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.GivenBack;
import io.multijvm.wire.v1.Recall;
import io.multijvm.wire.v1.RunProcess;
import io.multijvm.wire.v1.Seat;
import io.multijvm.wire.v1.ToWorker;
import io.multijvm.worker.execute.TaskLoop;
import io.multijvm.worker.nested.NestedHost;
import io.multijvm.worker.process.OwnTask;
import io.multijvm.worker.process.ThisProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows what the coordinator says: one switch over all its messages but the welcome. What comes before there is a task
 * thread is kept for it. Owned by the event loop.
 */
final class Orders {
    private final FrameAssembler frames;
    private final ChunkUnpacker chunks;
    private final SharedMemory memory;
    private final LogSender logs;
    private final Consumer<FromWorker> out;
    private final Supplier<LargeSender> large;
    /** What came between the welcome and {@link #serve}. */
    private final List<ToWorker> held = new ArrayList<>();

    private @Nullable TaskLoop tasks;
    private @Nullable UpkeepLink upkeep;
    /** Set before there is a task thread, by the thread that sets the worker up. */
    private volatile @Nullable NestedHost nested;
    /** The same. */
    private volatile @Nullable OwnTask own;

    /**
     * @param out sends, on the loop
     * @param large sends what is large, on the loop
     */
    Orders(
            FrameAssembler frames,
            ChunkUnpacker chunks,
            SharedMemory memory,
            LogSender logs,
            Consumer<FromWorker> out,
            Supplier<LargeSender> large) {
        this.frames = frames;
        this.chunks = chunks;
        this.memory = memory;
        this.logs = logs;
        this.out = out;
        this.large = large;
    }

    /** What comes for tasks that speak to their own pool goes there; before {@link #serve}. From any thread. */
    void nests(NestedHost host) {
        nested = host;
    }

    /** Whoever is to run a task of its own gets it there; before {@link #serve}. From any thread. */
    void runs(OwnTask task) {
        own = task;
    }

    /**
     * Work goes to these from now on.
     *
     * @return what has come so far, to be followed first
     */
    List<ToWorker> serve(TaskLoop worker, UpkeepLink beside) {
        tasks = worker;
        upkeep = beside;
        List<ToWorker> before = List.copyOf(held);
        held.clear();
        return before;
    }

    /** Does what it says, or will once there is somebody to do it. */
    void receive(ToWorker message) {
        TaskLoop worker = tasks;
        UpkeepLink beside = upkeep;
        if (worker == null || beside == null) {
            held.add(message);
            return;
        }
        switch (message.getKindCase()) {
            case TASK -> chunks.task(message.getTask(), beside.poolSeed());
            case CHUNKS -> message.getChunks().getChunkList().forEach(chunk -> worker.add(chunks.unpack(chunk)));
            case LARGE_CHUNK -> worker.add(chunks.unpack(message.getLargeChunk()));
            case FRAME -> frame(message.getFrame());
            case CANCEL -> cancel(worker, message.getCancel());
            case RECALL -> recall(worker, message.getRecall());
            case FORGET -> chunks.forget(message.getForget().getCallId());
            case SEGMENT, PLACED, REGIONS_READ, NO_ROOM, DROP_SEGMENT -> memory.heard(message);
            case CREDIT -> large.get().granted(message.getCredit().getBytes());
            case NESTED -> nested().hear(message.getNested());
            case LARGE_NESTED -> nested().hear(UnsafeByteOperations.unsafeWrap(frames.take(message.getLargeNested())));
            case NESTED_SETUP -> nested().setUp(message.getNestedSetup());
            case LOGS_TAKEN -> logs.taken();
            case SEAT -> seat(worker, message.getSeat());
            case BYE -> beside.bye();
            case SET_UP -> beside.setUp(message.getSetUp());
            case ATTEMPT -> attempt(worker, message.getAttempt());
            case SHARED_VALUE -> beside.sharedValue(message.getSharedValue());
            case UNSHARE -> beside.unshare(message.getUnshare());
            case RUN_PROCESS -> runProcess(message.getRunProcess());
            case INTERRUPT_PROCESS -> own().interrupt();
            case WELCOME, KIND_NOT_SET ->
                throw new IllegalStateException("unexpected message " + message.getKindCase());
        }
    }

    private NestedHost nested() {
        NestedHost host = nested;
        if (host == null) {
            throw new IllegalStateException("a message to a task, before there can be one");
        }
        return host;
    }

    private OwnTask own() {
        OwnTask task = own;
        if (task == null) {
            throw new IllegalStateException("a task of its own, before there can be one");
        }
        return task;
    }

    private void runProcess(RunProcess order) {
        ThisProcess self = new ThisProcess(order.getName(), order.getDaemon(), order.getParent());
        ProcessName.set("process " + order.getName());
        own().give(self, chunks.bytes(order.getTask()));
    }

    private static void cancel(TaskLoop worker, Cancel cancel) {
        if (cancel.getTimedOut()) {
            worker.timeOut(cancel.getChunkId(), cancel.getPosition());
        } else {
            worker.cancel(cancel.getChunkId(), cancel.getPosition());
        }
    }

    private static void attempt(TaskLoop worker, Attempt attempt) {
        worker.attempt(attempt.getChunkId(), attempt.getPosition(), attempt.getAttempt());
    }

    private void recall(TaskLoop worker, Recall recall) {
        int end = worker.recall(recall.getChunkId(), recall.getAll());
        out.accept(FromWorker.newBuilder()
                .setGivenBack(
                        GivenBack.newBuilder().setChunkId(recall.getChunkId()).setEnd(end))
                .build());
    }

    private void seat(TaskLoop worker, Seat seat) {
        worker.seat(seat.getSlot(), seat.getIncarnation());
        nested().seat(seat.getSlot(), seat.getIncarnation());
    }

    private void frame(Frame frame) {
        frames.add(frame);
        out.accept(FromWorker.newBuilder()
                .setCredit(Credit.newBuilder().setBytes(frame.getData().size()))
                .build());
    }
}
