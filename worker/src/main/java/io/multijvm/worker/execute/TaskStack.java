// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.worker.context.StackText;

/** Where the task thread stands, as far as the user's code is concerned. */
final class TaskStack {
    private static final String OURS = "io.multijvm.worker.execute.";

    private TaskStack() {}

    /** The frames above our own, innermost first, one a line. */
    static String of(Thread thread) {
        return String.join("\n", StackText.above(thread, OURS));
    }
}
