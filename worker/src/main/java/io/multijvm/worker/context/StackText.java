// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.context;

import java.util.Arrays;
import java.util.List;

/** Where a thread stands, as text. */
public final class StackText {
    private StackText() {}

    /**
     * The frames of the user's code, innermost first, without the names of loaders and modules, which say nothing to the
     * reader.
     *
     * @param ours how the names of the classes begin that called the user's code; their frames and all below are left out
     */
    public static List<String> above(Thread thread, String ours) {
        return Arrays.stream(thread.getStackTrace())
                .takeWhile(frame -> !frame.getClassName().startsWith(ours))
                .map(frame -> new StackTraceElement(
                                frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber())
                        .toString())
                .toList();
    }
}
