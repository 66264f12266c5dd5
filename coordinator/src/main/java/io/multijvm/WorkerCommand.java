// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.internal.process.WorkerLauncher;
import java.io.IOException;
import java.util.function.Consumer;

/** Shows how a pool would start its workers, to look at or to try by hand. Starts nothing. */
public final class WorkerCommand {
    private WorkerCommand() {}

    /**
     * The command line of a worker of {@code Pool.processes(options)}: the same program, flags in the same order, class path
     * and main class, quoted for a shell. A pool puts flags and class path into a file that only its user reads, and the
     * paths of files that a worker is given lie in a directory of their own; here that is called
     * {@value WorkerLauncher#PREVIEW_DIRECTORY}. A worker started by hand ends at once, for it is told on stdin whom it
     * belongs to.
     *
     * @throws IllegalArgumentException if an option cannot be right
     * @throws IOException if there is no {@code java} to ask for its version
     */
    public static String of(Consumer<? super ProcessOptions> options) throws IOException {
        ProcessOptions asked = new ProcessOptions();
        options.accept(asked);
        return WorkerLauncher.preview(Pools.launchSpec(asked));
    }
}
