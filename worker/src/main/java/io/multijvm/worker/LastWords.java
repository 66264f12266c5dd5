// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

import io.multijvm.wire.mapped.RecorderWriter;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Writes down who called {@code System.exit}, while the JVM goes down for it: the first line {@code System.exit}, then the
 * caller's stack, a frame a line.
 */
final class LastWords extends Thread {
    static final String EXIT = "System.exit";

    private final RecorderWriter recorder;
    private final AtomicBoolean expected;

    /** @param expected whether the exit is our own */
    LastWords(RecorderWriter recorder, AtomicBoolean expected) {
        super("multijvm-last-words");
        this.recorder = recorder;
        this.expected = expected;
    }

    @Override
    public void run() {
        if (expected.get()) {
            return;
        }
        for (Map.Entry<Thread, StackTraceElement[]> thread :
                Thread.getAllStackTraces().entrySet()) {
            StringBuilder text = new StringBuilder();
            boolean above = false;
            for (StackTraceElement frame : thread.getValue()) {
                boolean exit = isExit(frame);
                if (above && !exit) {
                    text.append('\n').append(frame);
                }
                above |= exit;
            }
            if (above) {
                recorder.lastWords(EXIT + text);
                return;
            }
        }
    }

    private static boolean isExit(StackTraceElement frame) {
        return frame.getMethodName().equals("exit")
                && (frame.getClassName().equals("java.lang.Runtime")
                        || frame.getClassName().equals("java.lang.System"));
    }
}
