// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.arena;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** Work with files that an interrupt must not end: whoever waits next is to hear of it, not who maps memory just then. */
final class Undisturbed {
    private Undisturbed() {}

    interface Work<R> {
        R run() throws IOException;
    }

    /** Does it, again if an interrupt closed its file; the interrupt stays. */
    static <R> R run(Work<R> work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.run();
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
