// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import com.google.protobuf.InvalidProtocolBufferException;
import io.multijvm.codec.Failures;
import io.multijvm.codec.PackedType;
import io.multijvm.codec.PackedValues;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.PayloadException;
import io.multijvm.internal.arena.PlacedResult;
import io.multijvm.wire.v1.Failure;
import io.multijvm.wire.v1.FailurePhase;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of one item, as it arrived: bytes that nobody has decoded yet, in this JVM or in memory that it shares with the
 * worker, or a failure that the coordinator knows of. Immutable, but that shared memory can be opened only once.
 */
public final class RawOutcome implements Arrived {
    /** Of the first field of a {@link Failure}, which is a number. */
    private static final byte PHASE_TAG = Failure.PHASE_FIELD_NUMBER << 3;

    private final long index;
    private final int attempts;
    private final boolean value;
    private final byte @Nullable [] bytes;
    /** Of {@link #bytes}, where its own begin and end. */
    private final int from;

    private final int to;
    /** What they are packed as; null if they are not. */
    private final @Nullable PackedType packed;

    private final @Nullable PlacedResult placed;
    private final @Nullable MultijvmException error;
    /** The worker that made it, for messages. */
    private final String where;
    /** What the item wrote, if it failed. */
    private final Printed printed;

    private RawOutcome(
            long index,
            int attempts,
            boolean value,
            byte @Nullable [] bytes,
            @Nullable PlacedResult placed,
            @Nullable MultijvmException error,
            String where) {
        this(
                index,
                attempts,
                value,
                bytes,
                0,
                bytes == null ? 0 : bytes.length,
                null,
                placed,
                error,
                where,
                Printed.NOTHING);
    }

    private RawOutcome(
            long index,
            int attempts,
            boolean value,
            byte @Nullable [] bytes,
            int from,
            int to,
            @Nullable PackedType packed,
            @Nullable PlacedResult placed,
            @Nullable MultijvmException error,
            String where,
            Printed printed) {
        this.index = index;
        this.attempts = attempts;
        this.value = value;
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.packed = packed;
        this.placed = placed;
        this.error = error;
        this.where = where;
        this.printed = printed;
    }

    /** An encoded result. */
    public static RawOutcome value(long index, int attempts, byte[] bytes, String where) {
        return new RawOutcome(index, attempts, true, bytes, null, null, where);
    }

    /** A packed result of the item's first attempt, in that part of the array. */
    static RawOutcome packed(long index, PackedType type, byte[] bytes, int from, int to, String where) {
        return new RawOutcome(index, 1, true, bytes, from, to, type, null, null, where, Printed.NOTHING);
    }

    /** The same outcome of a later attempt. */
    public RawOutcome ofAttempt(int attempt) {
        return new RawOutcome(index, attempt, value, bytes, from, to, packed, placed, error, where, printed);
    }

    /** The same outcome of an item that wrote this, for whoever gets its failure. */
    public RawOutcome printed(Printed itemPrinted) {
        return itemPrinted == Printed.NOTHING
                ? this
                : new RawOutcome(index, attempts, value, bytes, from, to, packed, placed, error, where, itemPrinted);
    }

    /** An encoded {@link Failure}. */
    public static RawOutcome failure(long index, int attempts, byte[] bytes, String where) {
        return new RawOutcome(index, attempts, false, bytes, null, null, where);
    }

    /**
     * What lies in shared memory until it is opened.
     *
     * @param value whether it is an encoded result; else an encoded {@link Failure}
     */
    public static RawOutcome placed(long index, int attempts, boolean value, PlacedResult placed, String where) {
        return new RawOutcome(index, attempts, value, null, placed, null, where);
    }

    /** A failure that no worker told of. */
    public static RawOutcome error(long index, int attempts, MultijvmException error) {
        return new RawOutcome(index, attempts, false, null, null, error, "");
    }

    /** Nobody waits for the item any more, so it has none. */
    public static RawOutcome dropped(long index) {
        return new RawOutcome(index, 0, false, null, null, null, "");
    }

    /** A packed result that came alone: all of the array. */
    public static RawOutcome packed(long index, int attempts, PackedType type, byte[] bytes, String where) {
        return new RawOutcome(index, attempts, true, bytes, 0, bytes.length, type, null, null, where, Printed.NOTHING);
    }

    @Override
    public long index() {
        return index;
    }

    public int attempts() {
        return attempts;
    }

    @Override
    public int count() {
        return 1;
    }

    /** Whether it is no result. */
    public boolean isFailure() {
        return !value;
    }

    /** Whether it is a result. */
    public boolean isValue() {
        return value;
    }

    /** Whether nobody waited for it any more. */
    public boolean isDropped() {
        return bytes == null && placed == null && error == null;
    }

    /**
     * The result or the {@link Failure}, encoded or {@link #packed}, to be read only; null if there is none. As with {@link
     * #open}, what lies in shared memory is read once.
     *
     * @throws io.multijvm.failure.PayloadException if it was lost there
     */
    public byte @Nullable [] bytes() {
        if (placed != null) {
            return placed.bytes("item " + index + " in " + where);
        }
        return bytes == null || (from == 0 && to == bytes.length) ? bytes : Arrays.copyOfRange(bytes, from, to);
    }

    /** What the result is packed as; null if it is encoded. */
    public @Nullable PackedType packed() {
        return packed;
    }

    /** The failure that no worker told of; null if there is none. */
    public @Nullable MultijvmException error() {
        return error;
    }

    /** The worker that made it; empty if none did. */
    public String where() {
        return where;
    }

    /** Why there is no result; only for a failure. Reads what the worker wrote, so not on the event loop. */
    public FailureKind kind() {
        if (error != null) {
            return error.kind();
        }
        if (placed != null) {
            // only a task's own exception is as large as that, and shared memory can be opened only once
            return FailureKind.TASK;
        }
        try {
            FailurePhase phase =
                    Failure.parseFrom(Objects.requireNonNull(bytes)).getPhase();
            boolean crossing = phase == FailurePhase.FAILURE_PHASE_DECODE_TASK
                    || phase == FailurePhase.FAILURE_PHASE_DECODE_ITEM
                    || phase == FailurePhase.FAILURE_PHASE_ENCODE_RESULT;
            return crossing ? FailureKind.PAYLOAD : FailureKind.TASK;
        } catch (InvalidProtocolBufferException e) {
            return FailureKind.PAYLOAD;
        }
    }

    /**
     * Whether it is what the task itself threw; only for a failure. Looks at no more than two bytes, so also on the event loop:
     * a worker writes the phase first, and what begins otherwise is none of ours.
     */
    public boolean isThrown() {
        return placed != null
                || (error == null
                        && bytes != null
                        && bytes.length > 1
                        && bytes[0] == PHASE_TAG
                        && bytes[1] == FailurePhase.FAILURE_PHASE_RUN_VALUE);
    }

    /** How many bytes it holds. */
    public int length() {
        return placed != null ? placed.length() : to - from;
    }

    /** What it holds in shared memory is free. */
    @Override
    public void release() {
        if (placed != null) {
            placed.release();
        }
    }

    /** The decoded result; a failure is thrown. Runs user code (decoding does), so never on the event loop. */
    public @Nullable Object open(ValueCodec codec) {
        if (error != null) {
            throw error.printed(printed.read());
        }
        if (placed != null) {
            String whose = "item " + index + " in " + where;
            if (value) {
                return placed.open(codec, whose);
            }
            throw failure(placed.bytes(whose), codec);
        }
        byte[] encoded = Objects.requireNonNull(bytes);
        if (packed != null) {
            return new PackedValues(packed, encoded, from, to).next();
        }
        if (value) {
            try {
                return codec.decode(encoded, 0, encoded.length);
            } catch (PayloadException e) {
                throw e.of("item " + index);
            }
        }
        throw failure(encoded, codec);
    }

    private MultijvmException failure(byte[] encoded, ValueCodec codec) {
        try {
            return Failures.toException(Failure.parseFrom(encoded), index, codec, where)
                    .printed(printed.read());
        } catch (InvalidProtocolBufferException e) {
            return new PayloadException(
                    "item " + index + " failed in " + where + ", and what the worker says of it cannot be read", "", e);
        }
    }
}
