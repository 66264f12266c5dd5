// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

import io.multijvm.wire.mapped.RecorderWriter;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A shutdown hook that writes down who called {@code System.exit}, while that thread still stands in it: the first line
 * {@code System.exit}, then the caller's stack, a frame a line. An exit of our own and a SIGTERM leave no words. Takes no
 * lock that a task could hold.
 */
final class LastWords extends Thread {
    static final String EXIT = "System.exit";

    private final RecorderWriter recorder;
    private final BooleanSupplier ours;

    /** @param ours whether the exit is our own */
    LastWords(RecorderWriter recorder, BooleanSupplier ours) {
        super("multijvm-last-words");
        this.recorder = recorder;
        this.ours = ours;
    }

    @Override
    public void run() {
        if (ours.getAsBoolean()) {
            return;
        }
        for (StackTraceElement[] stack : getAllStackTraces().values()) {
            String words = wordsOf(stack);
            if (words != null) {
                recorder.lastWords(words);
                return;
            }
        }
    }

    /** The words for a thread that called exit; null for any other. */
    static @Nullable String wordsOf(StackTraceElement[] stack) {
        int caller = -1;
        for (int i = 0; i < stack.length; i++) {
            if (isExit(stack[i])) {
                caller = i + 1;
            } else if (caller >= 0) {
                break;
            }
        }
        if (caller < 0) {
            return null;
        }
        StringBuilder words = new StringBuilder(EXIT);
        Arrays.stream(stack, caller, stack.length)
                .forEach(frame -> words.append('\n').append(plain(frame)));
        return words.toString();
    }

    /** Without the names of loader and module, which say nothing to the reader. */
    private static StackTraceElement plain(StackTraceElement frame) {
        return new StackTraceElement(
                frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber());
    }

    private static boolean isExit(StackTraceElement frame) {
        return frame.getMethodName().equals("exit")
                && (frame.getClassName().equals("java.lang.Runtime")
                        || frame.getClassName().equals("java.lang.System"));
    }
}
