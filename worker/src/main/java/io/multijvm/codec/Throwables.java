// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading throwables that were written by others, whose methods may themselves throw. */
final class Throwables {
    private static final int MAX_CAUSES = 50;
    private static final int MAX_REASON_CHARS = 2_000;

    private Throwables() {}

    /** The codec may have wrapped it; as a payload failure it would hide that the JVM is out of memory. */
    static void rethrowOutOfMemory(Throwable thrown) {
        Optional<OutOfMemoryError> found = find(thrown, OutOfMemoryError.class);
        if (found.isPresent()) {
            throw found.get();
        }
    }

    /** The first of that type among the throwable and its causes. */
    static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
        Throwable current = thrown;
        for (int i = 0; i < MAX_CAUSES && current != null; i++) {
            if (type.isInstance(current)) {
                return Optional.of(type.cast(current));
            }
            current = causeOf(current);
        }
        return Optional.empty();
    }

    /** The innermost cause in one line, of bounded length. */
    static String reason(Throwable thrown) {
        Throwable current = thrown;
        for (int i = 0; i < MAX_CAUSES; i++) {
            Throwable cause = causeOf(current);
            if (cause == null) {
                break;
            }
            current = cause;
        }
        String message = messageOf(current);
        String name = current.getClass().getSimpleName();
        return shortened(message == null || message.isBlank() ? name : name + ": " + message, MAX_REASON_CHARS);
    }

    static @Nullable Throwable causeOf(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (RuntimeException | Error e) {
            return null;
        }
    }

    /** Its message, or what {@code getMessage} threw instead: losing the failure over its text would be worse. */
    static @Nullable String messageOf(Throwable thrown) {
        try {
            return thrown.getMessage();
        } catch (RuntimeException | Error e) {
            return "(its getMessage() threw " + e.getClass().getName() + ")";
        }
    }

    static StackTraceElement[] framesOf(Throwable thrown) {
        try {
            return thrown.getStackTrace();
        } catch (RuntimeException | Error e) {
            return new StackTraceElement[0];
        }
    }

    static String shortened(String text, int maxChars) {
        if (text.length() <= maxChars) {
            return text;
        }
        // half a surrogate pair at the cut could not be written as UTF-8
        int end = Character.isHighSurrogate(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
        return text.substring(0, end) + " … (" + (text.length() - end) + " characters left out)";
    }
}
