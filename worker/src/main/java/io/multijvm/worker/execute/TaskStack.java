// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.worker.context.Deadlocks;
import io.multijvm.worker.context.StackText;
import java.util.List;

/** Where the task thread stands, as far as the user's code is concerned. */
final class TaskStack {
    private static final String OURS = "io.multijvm.worker.execute.";

    /** As many frames as leave room for a deadlock where there is one. */
    private static final int FRAMES_BESIDE_DEADLOCK = 24;

    private TaskStack() {}

    /**
     * The frames above our own, innermost first, one a line; and, where the thread waits and threads of this JVM wait for each
     * other in a circle, after an empty line what {@link Deadlocks#lines} says of them.
     */
    static String of(Thread thread) {
        List<String> frames = StackText.above(thread, OURS);
        List<String> deadlock = Deadlocks.possible(thread) ? deadlock(thread) : List.of();
        if (deadlock.isEmpty()) {
            return String.join("\n", frames);
        }
        return String.join("\n", frames.subList(0, Math.min(frames.size(), FRAMES_BESIDE_DEADLOCK))) + "\n\n"
                + String.join("\n", deadlock);
    }

    /** The item is to be interrupted next, whatever becomes of this. */
    private static List<String> deadlock(Thread thread) {
        try {
            return Deadlocks.lines(thread);
        } catch (RuntimeException | LinkageError e) { // a Java without java.management
            return List.of();
        }
    }
}
