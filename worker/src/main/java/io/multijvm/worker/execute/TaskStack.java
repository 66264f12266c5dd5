// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Where the task thread stands, as far as the user's code is concerned. */
final class TaskStack {
    private static final String OURS = "io.multijvm.worker.execute.";

    private TaskStack() {}

    /** The frames above our own, innermost first, one a line, without the names of loaders and modules. */
    static String of(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .takeWhile(frame -> !frame.getClassName().startsWith(OURS))
                .map(frame -> new StackTraceElement(
                                frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber())
                        .toString())
                .collect(Collectors.joining("\n"));
    }
}
