// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.util.List;

/** Why a worker died before it said hello: the JVM's own words, and what shows the same by hand. */
public final class StartFailure {
    private static final int MAX_LINES = 3;

    private StartFailure() {}

    /** A text of a few lines. Reads files; for after the process was reaped. */
    public static String describe(LaunchedWorker worker, ExitStatus status) {
        return "the worker's JVM (pid " + worker.pid() + ") " + status.words() + " before it was ready" + said(worker)
                + "\n  " + nextStep(worker);
    }

    /** {@code : 'what the JVM said'}, or that it said nothing. */
    static String said(LaunchedWorker worker) {
        List<String> words = worker.output().first(MAX_LINES);
        if (!words.isEmpty()) {
            return ":\n  | " + String.join("\n  | ", words);
        }
        return worker.output().equals(OutputFiles.NONE)
                ? "; what it said was not captured (output is not CAPTURE)"
                : " and said nothing";
    }

    static String nextStep(LaunchedWorker worker) {
        return "Check jvmArgs, heap and javaHome; this shows whether the JVM takes its flags: " + worker.trial();
    }
}
