// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.context;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Finds the error after which a JVM is not to be trusted, however deep a task or a library has wrapped it. */
public final class OutOfMemory {
    /** Causes may go round in a circle, and suppressed exceptions be many. */
    private static final int MOST_LOOKED_AT = 100;

    private OutOfMemory() {}

    /**
     * The {@code OutOfMemoryError} that it is, or that is among its causes and suppressed exceptions, theirs included; null if
     * there is none. Never throws, whatever the exceptions' own methods do.
     */
    public static @Nullable OutOfMemoryError in(Throwable thrown) {
        Deque<Throwable> waiting = new ArrayDeque<>();
        waiting.add(thrown);
        for (int looked = 0; looked < MOST_LOOKED_AT && !waiting.isEmpty(); looked++) {
            Throwable at = waiting.removeFirst();
            if (at instanceof OutOfMemoryError memory) {
                return memory;
            }
            try {
                waiting.addAll(Arrays.asList(at.getSuppressed()));
                Throwable cause = at.getCause();
                if (cause != null) {
                    waiting.addFirst(cause);
                }
            } catch (RuntimeException | StackOverflowError e) {
                // getCause is the user's method: then it tells of none
            }
        }
        return null;
    }
}
