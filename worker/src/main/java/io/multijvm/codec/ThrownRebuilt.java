// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.failure.PayloadException;
import io.multijvm.failure.RemoteTaskException;
import io.multijvm.wire.v1.Failure;
import io.multijvm.wire.v1.StackFrame;
import io.multijvm.wire.v1.Thrown;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The task's own exception again, or the closest that this JVM can make of the data. */
final class ThrownRebuilt {
    private ThrownRebuilt() {}

    static Throwable of(Failure failure, ValueCodec codec) {
        Throwable original = original(failure, codec);
        if (original == null) {
            return fromData(failure.getThrown());
        }
        try {
            complete(original, failure.getThrown());
        } catch (RuntimeException | StackOverflowError e) {
            // A method of the user's exception threw. It is what the task threw, complete or not.
            return original;
        }
        return original;
    }

    private static @Nullable Throwable original(Failure failure, ValueCodec codec) {
        if (failure.getOriginal().isEmpty()) {
            return null;
        }
        byte[] bytes = failure.getOriginal().toByteArray();
        try {
            return codec.decode(bytes, 0, bytes.length) instanceof Throwable thrown
                            && thrown.getClass()
                                    .getName()
                                    .equals(failure.getThrown().getClassName())
                    ? thrown
                    : null;
        } catch (PayloadException e) {
            // its class is missing or refused here: the data tell what happened
            return null;
        }
    }

    /** What Fory does not restore, or restores with the frames of this decoding. A causing exception comes from the data only if the original has none. */
    private static void complete(Throwable original, Thrown data) {
        if (!hasFrames(original, data)) {
            original.setStackTrace(frames(data));
        }
        Throwable cause = Throwables.causeOf(original);
        if (cause == null && data.hasCause()) {
            attachCause(original, fromData(data.getCause()));
        } else if (cause != null
                && data.hasCause()
                && cause.getClass().getName().equals(data.getCause().getClassName())) {
            complete(cause, data.getCause());
        }
        if (original.getSuppressed().length == 0) {
            data.getSuppressedList().forEach(suppressed -> original.addSuppressed(fromData(suppressed)));
        }
    }

    /** Those frames, maybe more, and as Java serialisation restores them: with loader and module, which the data lack. */
    private static boolean hasFrames(Throwable original, Thrown data) {
        StackTraceElement[] frames = Throwables.framesOf(original);
        return frames.length >= data.getFramesCount()
                && IntStream.range(0, data.getFramesCount()).allMatch(i -> isSame(frames[i], data.getFrames(i)));
    }

    private static boolean isSame(StackTraceElement frame, StackFrame data) {
        return frame.getLineNumber() == data.getLine()
                && frame.getMethodName().equals(data.getMethod())
                && frame.getClassName().equals(data.getClassName());
    }

    private static void attachCause(Throwable original, Throwable cause) {
        try {
            original.initCause(cause);
        } catch (IllegalStateException | UnsupportedOperationException e) {
            // it was made with a null cause and cannot take another: better shown there than lost
            original.addSuppressed(cause);
        }
    }

    static RemoteTaskException fromData(Thrown data) {
        RemoteTaskException remote = new RemoteTaskException(
                data.getClassName(),
                data.hasMessage() ? data.getMessage() : null,
                data.hasCause() ? fromData(data.getCause()) : null);
        remote.setStackTrace(frames(data));
        data.getSuppressedList().forEach(suppressed -> remote.addSuppressed(fromData(suppressed)));
        return remote;
    }

    private static StackTraceElement[] frames(Thrown data) {
        return data.getFramesList().stream().map(ThrownRebuilt::frame).toArray(StackTraceElement[]::new);
    }

    private static StackTraceElement frame(StackFrame frame) {
        String file = frame.getFile().isEmpty() ? null : frame.getFile();
        return new StackTraceElement(frame.getClassName(), frame.getMethod(), file, frame.getLine());
    }
}
