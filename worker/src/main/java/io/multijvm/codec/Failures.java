// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.wire.v1.Failure;
import io.multijvm.wire.v1.FailurePhase;
import io.multijvm.wire.v1.Thrown;
import io.multijvm.worker.context.OutOfMemory;

/**
 * Failed items as data and back. The data always cross; the exception itself goes along only where it can be rebuilt, so a
 * class that is missing, refused or cannot be encoded costs no more than its type.
 */
public final class Failures {
    private static final int MAX_ORIGINAL_BYTES = 64 << 10;

    /** Made while there is room. */
    private static final byte[] NO_ROOM = Failure.newBuilder()
            .setPhase(FailurePhase.FAILURE_PHASE_RUN)
            .setThrown(Thrown.newBuilder()
                    .setClassName(OutOfMemoryError.class.getName())
                    .setMessage("something failed, and there was no memory to say what"))
            .build()
            .toByteArray();

    private Failures() {}

    /** What was thrown, as data. Never throws, whatever the exception's own methods do. */
    public static Failure of(Throwable thrown, FailurePhase phase, ValueCodec codec) {
        if (thrown instanceof UnfitItemException unfit) {
            return of(unfit.asPayload(), FailurePhase.FAILURE_PHASE_DECODE_ITEM, codec);
        }
        Failure.Builder failure = Failure.newBuilder().setPhase(phase).setThrown(new ThrownData().of(thrown));
        if (thrown instanceof PayloadException payload) {
            failure.setPath(payload.path()).setAdvice(payload.advice());
        }
        if (phase == FailurePhase.FAILURE_PHASE_RUN) {
            failure.setOriginal(original(thrown, codec));
        }
        return failure.build();
    }

    /**
     * What a function threw that belongs to no item, as {@link #causeOf} reads it. What ails this JVM is no failure of the JVM
     * that reads it, where an {@code OutOfMemoryError} would end a worker: it crosses as data alone, and so is a
     * {@link io.multijvm.failure.RemoteTaskException} there. Never throws.
     */
    public static byte[] bytesOf(Throwable thrown, ValueCodec codec) {
        try {
            Failure whole = of(thrown, FailurePhase.FAILURE_PHASE_RUN, codec);
            boolean ofThisJvm = thrown instanceof VirtualMachineError || OutOfMemory.in(thrown) != null;
            return (ofThisJvm ? whole.toBuilder().clearOriginal().build() : whole).toByteArray();
        } catch (OutOfMemoryError e) {
            return NO_ROOM;
        }
    }

    /** The exception in the codec's bytes; empty if it does not cross or is too large to send for its type alone. */
    @SuppressWarnings("CatchingUnchecked") // the data are enough, and nothing may come out of here
    private static ByteString original(Throwable thrown, ValueCodec codec) {
        try {
            byte[] bytes = encoded(thrown, codec);
            if (bytes.length > MAX_ORIGINAL_BYTES) {
                // A thousand frames are enough for that, and they cross as data anyway.
                bytes = FramesAside.of(thrown).during(() -> encoded(thrown, codec));
            }
            return bytes.length > MAX_ORIGINAL_BYTES ? ByteString.EMPTY : ByteString.copyFrom(bytes);
        } catch (Exception | Error e) {
            return ByteString.EMPTY;
        }
    }

    private static byte[] encoded(Throwable thrown, ValueCodec codec) {
        byte[] byJava = codec.encodeByJava(thrown);
        return byJava != null ? byJava : codec.encode(thrown, "exception");
    }

    /**
     * The exception that the item's caller gets. Never throws for what the data hold.
     *
     * @param index the item's place in the input
     * @param where which worker it was: {@code worker 3 (pid 4711)}
     * @return a {@link TaskFailedException}, or a {@link PayloadException} where the item did not get as far as its task or
     *     its result not as far as the caller
     */
    public static MultijvmException toException(Failure failure, long index, ValueCodec codec, String where) {
        return switch (failure.getPhase()) {
            case FAILURE_PHASE_DECODE_TASK ->
                payload(failure, "item " + index + ": the task cannot be decoded in " + where);
            case FAILURE_PHASE_DECODE_ITEM -> payload(failure, "item " + index + " cannot be decoded in " + where);
            case FAILURE_PHASE_ENCODE_RESULT ->
                payload(failure, "item " + index + ": its result cannot leave " + where);
            case FAILURE_PHASE_RUN, FAILURE_PHASE_UNSPECIFIED, UNRECOGNIZED -> {
                Throwable cause = ThrownRebuilt.of(failure, codec);
                String message = "item " + index + " failed: " + summary(failure.getThrown()) + " (in " + where + ")";
                TaskFailedException failed = new TaskFailedException(index, message, cause);
                if (Throwables.framesOf(cause).length == 0
                        && failure.getThrown().getFramesCount() > 0) {
                    // It refuses frames: rebuilt without its constructor, or written so. Then they are shown beside it.
                    failed.addSuppressed(ThrownRebuilt.fromData(failure.getThrown()));
                }
                yield failed;
            }
        };
    }

    /**
     * The exception of a function that belongs to no item. Never throws for what the bytes hold.
     *
     * @param encoded a {@link Failure}
     */
    public static Throwable causeOf(byte[] encoded, ValueCodec codec) {
        Failure failure;
        try {
            failure = Failure.parseFrom(encoded);
        } catch (InvalidProtocolBufferException e) {
            return new PayloadException("what the worker says of the failure cannot be read", "", e);
        }
        return failure.getPhase() == FailurePhase.FAILURE_PHASE_RUN
                ? ThrownRebuilt.of(failure, codec)
                : payload(failure, "it cannot be decoded in the worker");
    }

    private static PayloadException payload(Failure failure, String what) {
        Thrown thrown = failure.getThrown();
        boolean ours = thrown.getClassName().equals(PayloadException.class.getName());
        String why = ours && thrown.hasMessage() ? thrown.getMessage() : summary(thrown);
        String message = what + ": " + why;
        if (!ours && !failure.getAdvice().isEmpty()) {
            message += ". Next: " + failure.getAdvice();
        }
        return new PayloadException(message, failure.getPath(), failure.getAdvice(), ThrownRebuilt.fromData(thrown));
    }

    private static String summary(Thrown thrown) {
        return thrown.hasMessage() ? thrown.getClassName() + ": " + thrown.getMessage() : thrown.getClassName();
    }
}
