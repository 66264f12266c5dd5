// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.process;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a task has thrown, as last words that survive the process: the first line {@link #FIRST_LINE}, then the exception and
 * its causes in one line, then its frames, each a line. Never throws, whatever the exception's own methods do.
 */
public final class Uncaught {
    public static final String FIRST_LINE = "Uncaught exception";

    private static final int MOST_CAUSES = 4;
    private static final int MOST_FRAMES = 12;
    private static final int MOST_CHARS = 500;

    private Uncaught() {}

    static String words(Throwable thrown) {
        StringBuilder words = new StringBuilder(FIRST_LINE).append('\n').append(oneLine(thrown));
        Throwable cause = causeOf(thrown);
        for (int causes = 0; cause != null && causes < MOST_CAUSES; causes++) {
            words.append(", caused by ").append(oneLine(cause));
            cause = causeOf(cause);
        }
        StackTraceElement[] frames = framesOf(thrown);
        for (int i = 0; i < Math.min(frames.length, MOST_FRAMES); i++) {
            words.append('\n').append(plain(frames[i]));
        }
        return words.toString();
    }

    private static String oneLine(Throwable thrown) {
        String text;
        try {
            text = Objects.toString(thrown.toString(), "");
        } catch (RuntimeException | StackOverflowError e) {
            text = thrown.getClass().getName();
        }
        String line = text.replaceAll("\\s*\\R\\s*", " ");
        return line.length() <= MOST_CHARS ? line : line.substring(0, MOST_CHARS) + "...";
    }

    private static StackTraceElement[] framesOf(Throwable thrown) {
        try {
            return thrown.getStackTrace();
        } catch (RuntimeException | StackOverflowError e) {
            return new StackTraceElement[0];
        }
    }

    private static @Nullable Throwable causeOf(Throwable thrown) {
        try {
            Throwable cause = thrown.getCause();
            return cause == thrown ? null : cause;
        } catch (RuntimeException | StackOverflowError e) {
            return null;
        }
    }

    /** Without the names of loader and module, which say nothing to the reader. */
    private static StackTraceElement plain(StackTraceElement frame) {
        return new StackTraceElement(
                frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber());
    }
}
