// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.NestedCallSettings;
import io.multijvm.internal.chunk.Slice;
import io.multijvm.internal.dispatch.LogLevels;
import io.multijvm.internal.dispatch.PoolSetup;
import io.multijvm.internal.dispatch.WorkerPort;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.Attempt;
import io.multijvm.wire.v1.Bye;
import io.multijvm.wire.v1.Cancel;
import io.multijvm.wire.v1.Carried;
import io.multijvm.wire.v1.Chunk;
import io.multijvm.wire.v1.Forget;
import io.multijvm.wire.v1.InterruptProcess;
import io.multijvm.wire.v1.NestedAbandoned;
import io.multijvm.wire.v1.NestedGate;
import io.multijvm.wire.v1.NestedGrant;
import io.multijvm.wire.v1.NestedReclaim;
import io.multijvm.wire.v1.NestedSetup;
import io.multijvm.wire.v1.Payload;
import io.multijvm.wire.v1.Recall;
import io.multijvm.wire.v1.RunProcess;
import io.multijvm.wire.v1.Seat;
import io.multijvm.wire.v1.SetUp;
import io.multijvm.wire.v1.SharedValue;
import io.multijvm.wire.v1.Task;
import io.multijvm.wire.v1.ToNested;
import io.multijvm.wire.v1.ToWorker;
import io.multijvm.wire.v1.Unshare;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the dispatcher says, as messages for one worker. Confined to the event loop. */
final class WorkerStream implements WorkerPort {
    /** A chunk of more bytes than this does not cross in a message of its own. */
    static final int MAX_CHUNK_BYTES = Protocol.MAX_MESSAGE_BYTES - 1024;

    private final Outbox outbox;
    private final PayloadCarrier carrier;
    private boolean ended;

    WorkerStream(Outbox outbox, PayloadCarrier carrier) {
        this.outbox = outbox;
        this.carrier = carrier;
    }

    @Override
    public void setUp(PoolSetup setup) {
        if (ended) {
            return;
        }
        SetUp.Builder message = SetUp.newBuilder()
                .setSeed(setup.seed())
                .setExitTimeoutMillis(setup.exitTimeout().toMillis());
        if (setup.init() != null) {
            message.setInit(framed(setup.init()));
        }
        if (setup.exit() != null) {
            message.setExit(framed(setup.exit()));
        }
        LogLevels logs = setup.logs();
        if (logs != null) {
            io.multijvm.wire.v1.LogLevels.Builder levels =
                    io.multijvm.wire.v1.LogLevels.newBuilder().setRoot(logs.root());
            logs.named().forEach((name, level) -> levels.addName(name).addLevel(level));
            message.setLogs(levels);
        }
        outbox.data(
                Waiting.NONE,
                Waiting.NONE,
                ToWorker.newBuilder().setSetUp(message).build());
    }

    @Override
    public void attempt(long chunkId, int position, int attempt) {
        if (!ended) {
            Attempt message = Attempt.newBuilder()
                    .setChunkId(chunkId)
                    .setPosition(position)
                    .setAttempt(attempt)
                    .build();
            outbox.data(
                    chunkId,
                    Waiting.NONE,
                    ToWorker.newBuilder().setAttempt(message).build());
        }
    }

    @Override
    public void shared(long home, long id, byte @Nullable [] value) {
        if (ended) {
            return;
        }
        SharedValue.Builder message = SharedValue.newBuilder().setHome(home).setId(id);
        if (value != null) {
            message.setValue(framed(value));
        }
        outbox.data(
                Waiting.NONE,
                Waiting.NONE,
                ToWorker.newBuilder().setSharedValue(message).build());
    }

    @Override
    public void unshare(long home, long id) {
        if (!ended) {
            Unshare message = Unshare.newBuilder().setHome(home).setId(id).build();
            // as data: behind the value itself, which may still wait
            outbox.data(
                    Waiting.NONE,
                    Waiting.NONE,
                    ToWorker.newBuilder().setUnshare(message).build());
        }
    }

    @Override
    public void task(long callId, byte[] function) {
        task(callId, function, 0);
    }

    @Override
    public void task(long callId, byte[] function, int depth) {
        if (!ended) {
            Task task = Task.newBuilder()
                    .setCallId(callId)
                    .setFunction(payload(function))
                    .setDepth(depth)
                    .build();
            outbox.data(
                    Waiting.NONE, callId, ToWorker.newBuilder().setTask(task).build());
        }
    }

    @Override
    public void chunk(long chunkId, long callId, List<Slice> items) {
        if (ended) {
            return;
        }
        Chunk chunk = ChunkWriter.write(chunkId, callId, items, carrier);
        if (chunk.getSerializedSize() <= MAX_CHUNK_BYTES) {
            outbox.chunk(chunk);
        } else {
            byte[] bytes = chunk.toByteArray();
            Carried carried = carrier.inFrames(bytes, 0, bytes.length);
            outbox.data(
                    chunkId,
                    callId,
                    ToWorker.newBuilder().setLargeChunk(carried).build());
        }
    }

    @Override
    public void cancel(long chunkId, int position) {
        cancel(chunkId, position, false);
    }

    @Override
    public void timeOut(long chunkId, int position) {
        cancel(chunkId, position, true);
    }

    private void cancel(long chunkId, int position, boolean timedOut) {
        if (!ended) {
            Cancel cancel = Cancel.newBuilder()
                    .setChunkId(chunkId)
                    .setPosition(position)
                    .setTimedOut(timedOut)
                    .build();
            outbox.aboutChunk(chunkId, ToWorker.newBuilder().setCancel(cancel).build());
        }
    }

    @Override
    public void recall(long chunkId, boolean all) {
        if (!ended) {
            Recall recall = Recall.newBuilder().setChunkId(chunkId).setAll(all).build();
            outbox.aboutChunk(chunkId, ToWorker.newBuilder().setRecall(recall).build());
        }
    }

    @Override
    public void forget(long callId) {
        if (!ended) {
            Forget forget = Forget.newBuilder().setCallId(callId).build();
            outbox.aboutCall(callId, ToWorker.newBuilder().setForget(forget).build());
        }
    }

    @Override
    public void seat(int slot, int incarnation) {
        if (!ended) {
            Seat seat =
                    Seat.newBuilder().setSlot(slot).setIncarnation(incarnation).build();
            outbox.control(ToWorker.newBuilder().setSeat(seat).build());
        }
    }

    @Override
    public void nestedSetup(CallSettings defaults, List<String> allow, long seed) {
        if (!ended) {
            NestedSetup setup = NestedSetup.newBuilder()
                    .setDefaults(NestedCallSettings.message(defaults))
                    .addAllAllow(allow)
                    .setSeed(seed)
                    .build();
            outbox.control(
                    ToWorker.newBuilder().setNestedSetup(setup.toByteString()).build());
        }
    }

    @Override
    public void nestedGate(long call, long openTo, int blockItems) {
        nested(ToNested.newBuilder()
                .setGate(NestedGate.newBuilder().setCall(call).setOpenTo(openTo).setBlockItems(blockItems))
                .build());
    }

    @Override
    public void nestedAsk(long call) {
        nested(ToNested.newBuilder()
                .setGate(NestedGate.newBuilder().setCall(call).setAsk(true))
                .build());
    }

    @Override
    public void nestedAttempts(long call, List<Tried> attempts) {
        nested(NestedMessages.attempts(call, attempts));
    }

    @Override
    public void nestedOutcomes(long call, List<RawOutcome> outcomes) {
        nested(NestedMessages.outcomes(call, outcomes));
    }

    @Override
    public void nestedAbandoned(long call, Throwable why) {
        nested(ToNested.newBuilder()
                .setAbandoned(NestedAbandoned.newBuilder()
                        .setCall(call)
                        .setWhy(String.valueOf(why.getMessage()))
                        .setBroken(why instanceof PoolBrokenException))
                .build());
    }

    @Override
    public void nestedGrant(long call, long firstIndex, long endIndex, int attempts, long callId) {
        nested(ToNested.newBuilder()
                .setGrant(NestedGrant.newBuilder()
                        .setCall(call)
                        .setFirstIndex(firstIndex)
                        .setEndIndex(endIndex)
                        .setAttempts(attempts)
                        .setCallId(callId))
                .build());
    }

    @Override
    public void nestedReclaim(long call) {
        nested(ToNested.newBuilder()
                .setReclaim(NestedReclaim.newBuilder().setCall(call))
                .build());
    }

    /** In their order: as data, which may have to wait for credit. */
    private void nested(ToNested message) {
        if (ended) {
            return;
        }
        ByteString bytes = message.toByteString();
        ToWorker.Builder word = ToWorker.newBuilder();
        if (bytes.size() <= Protocol.MAX_FRAME_BYTES) {
            word.setNested(bytes);
        } else {
            word.setLargeNested(carrier.inFrames(bytes.toByteArray(), 0, bytes.size()));
        }
        outbox.data(Waiting.NONE, Waiting.NONE, word.build());
    }

    @Override
    public void run(Person self, byte[] task) {
        if (!ended) {
            RunProcess order = RunProcess.newBuilder()
                    .setName(self.name())
                    .setDaemon(self.daemon())
                    .setParent(self.parent())
                    .setTask(framed(task))
                    .build();
            outbox.data(
                    Waiting.NONE,
                    Waiting.NONE,
                    ToWorker.newBuilder().setRunProcess(order).build());
        }
    }

    @Override
    public void interruptTask() {
        if (!ended) {
            // as data: behind the task, which may still wait
            outbox.data(
                    Waiting.NONE,
                    Waiting.NONE,
                    ToWorker.newBuilder()
                            .setInterruptProcess(InterruptProcess.getDefaultInstance())
                            .build());
        }
    }

    @Override
    public void bye(String reason) {
        if (!ended) {
            Bye bye = Bye.newBuilder().setReason(reason).build();
            outbox.control(ToWorker.newBuilder().setBye(bye).build());
        }
    }

    @Override
    public void flush() {
        outbox.pump();
    }

    /** From now on every call does nothing. */
    void end() {
        ended = true;
        outbox.drop();
    }

    /** For what the worker's event loop puts together, which must not wait for a writer into shared memory. */
    private Payload framed(byte[] bytes) {
        return bytes.length <= Protocol.MAX_INLINE_ITEM_BYTES
                ? inline(bytes)
                : Payload.newBuilder()
                        .setCarried(carrier.inFrames(bytes, 0, bytes.length))
                        .build();
    }

    private static Payload inline(byte[] bytes) {
        return Payload.newBuilder()
                .setInline(UnsafeByteOperations.unsafeWrap(bytes))
                .build();
    }

    private Payload payload(byte[] bytes) {
        return bytes.length <= Protocol.MAX_INLINE_ITEM_BYTES
                ? inline(bytes)
                : Payload.newBuilder()
                        .setCarried(carrier.place(bytes, 0, bytes.length))
                        .build();
    }
}
