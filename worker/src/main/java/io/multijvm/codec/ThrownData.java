// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.wire.v1.StackFrame;
import io.multijvm.wire.v1.Thrown;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** A throwable as data, bounded in every direction, whatever its own methods do. One use each. */
final class ThrownData {
    private static final int MAX_FRAMES = 1024;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_THROWABLES = 100;
    private static final int MAX_MESSAGE_CHARS = 64 << 10;

    private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    Thrown of(Throwable thrown) {
        return of(thrown, 0);
    }

    private Thrown of(Throwable thrown, int depth) {
        seen.add(thrown);
        Thrown.Builder data = Thrown.newBuilder().setClassName(thrown.getClass().getName());
        String message = Throwables.messageOf(thrown);
        if (message != null) {
            data.setMessage(wellFormed(Throwables.shortened(message, MAX_MESSAGE_CHARS)));
        }
        addFrames(thrown, data);
        if (depth < MAX_DEPTH) {
            Throwable cause = Throwables.causeOf(thrown);
            if (cause != null && isNew(cause)) {
                data.setCause(of(cause, depth + 1));
            }
            for (Throwable suppressed : thrown.getSuppressed()) {
                if (isNew(suppressed)) {
                    data.addSuppressed(of(suppressed, depth + 1));
                }
            }
        }
        return data.build();
    }

    private boolean isNew(Throwable thrown) {
        return seen.size() < MAX_THROWABLES && !seen.contains(thrown);
    }

    private static void addFrames(Throwable thrown, Thrown.Builder data) {
        StackTraceElement[] frames = Throwables.framesOf(thrown);
        for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
            StackTraceElement frame = frames[i];
            StackFrame.Builder line = StackFrame.newBuilder()
                    .setClassName(frame.getClassName())
                    .setMethod(frame.getMethodName())
                    .setLine(frame.getLineNumber());
            if (frame.getFileName() != null) {
                line.setFile(frame.getFileName());
            }
            data.addFrames(line);
        }
    }

    /** protobuf refuses to write a string with half a surrogate pair, which a task may well put into a message. */
    private static String wellFormed(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                ? new String(
                        text.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.UTF_8)
                : text;
    }
}
