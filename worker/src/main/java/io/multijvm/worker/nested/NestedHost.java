// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.nested;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.multijvm.codec.ValueCodec;
import io.multijvm.task.Codec;
import io.multijvm.wire.mapped.RecorderWriter;
import io.multijvm.wire.v1.NestedSetup;
import io.multijvm.wire.v1.ToNested;
import io.multijvm.worker.context.WorkerState;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the frames of one worker share. Costs a worker nothing that never nests. Thread-safe. */
public final class NestedHost {
    /** Of a standby they are told late, before its first item. */
    private volatile int slot;

    private volatile int incarnation;
    private volatile WorkerState state = new WorkerState();
    private final RecorderWriter recorder;
    private final ValueCodec codec;
    private final Codec poolCodec;
    private final NestedLine line;
    private final AtomicLong lastCall = new AtomicLong();
    private final Map<Long, Consumer<ToNested>> calls = new ConcurrentHashMap<>();
    private volatile ByteString setup = ByteString.EMPTY;
    private @Nullable Object shared;

    /**
     * @param recorder for what runs nested
     * @param codec for functions and items that the coordinator's program could have sent as well
     * @param poolCodec the pool's
     */
    public NestedHost(
            int slot, int incarnation, RecorderWriter recorder, ValueCodec codec, Codec poolCodec, NestedLine line) {
        this.slot = slot;
        this.incarnation = incarnation;
        this.recorder = recorder;
        this.codec = codec;
        this.poolCodec = poolCodec;
        this.line = line;
    }

    /** This process is no standby any more but fills that place. The link's. */
    public void seat(int place, int nth) {
        slot = place;
        incarnation = nth;
    }

    /** What the worker's tasks keep is there; before the first item. */
    public void keeps(WorkerState workerState) {
        state = workerState;
    }

    /** What the worker's tasks keep. */
    public WorkerState state() {
        return state;
    }

    public int slot() {
        return slot;
    }

    public int incarnation() {
        return incarnation;
    }

    /** This worker, for messages. */
    public String where() {
        return "worker " + slot + " (pid " + ProcessHandle.current().pid() + ")";
    }

    public ValueCodec codec() {
        return codec;
    }

    public Codec poolCodec() {
        return poolCodec;
    }

    public NestedLine line() {
        return line;
    }

    /** Notes what runs nested now, for a report of this process's death. */
    public void runsNested(int depth, long index) {
        recorder.nested(depth, index);
    }

    /** What all pools of this worker's frames have in common; made when the first asks. */
    @SuppressWarnings("unchecked") // there is one asker, in another module
    public synchronized <S> S shared(Supplier<S> maker) {
        if (shared == null) {
            shared = maker.get();
        }
        return (S) shared;
    }

    /** What the coordinator told of the pool. The link's. */
    public void setUp(ByteString message) {
        setup = message;
    }

    /** The pool as the coordinator told of it. */
    public NestedSetup setup() {
        try {
            return NestedSetup.parseFrom(setup);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what the coordinator said of the pool cannot be read", e);
        }
    }

    /** A number that no call of this worker had. */
    public long newCall() {
        return lastCall.incrementAndGet();
    }

    /** What comes for this call goes to {@code ear} from now on, on the line's thread. */
    public void listen(long call, Consumer<ToNested> ear) {
        calls.put(call, ear);
    }

    /** Nothing that comes for this call is of interest any more. */
    public void forget(long call) {
        calls.remove(call);
    }

    /** Something came. The link's. */
    public void hear(ByteString message) {
        ToNested said;
        try {
            said = ToNested.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what the coordinator said to a task cannot be read", e);
        }
        Consumer<ToNested> ear = calls.get(callOf(said));
        if (ear != null) {
            ear.accept(said);
        }
    }

    private static long callOf(ToNested said) {
        return switch (said.getKindCase()) {
            case GATE -> said.getGate().getCall();
            case OUTCOMES -> said.getOutcomes().getCall();
            case ABANDONED -> said.getAbandoned().getCall();
            case GRANT -> said.getGrant().getCall();
            case RECLAIM -> said.getReclaim().getCall();
            case ATTEMPTS -> said.getAttempts().getCall();
            case KIND_NOT_SET -> throw new IllegalStateException("a message to a task that this version does not know");
        };
    }
}
