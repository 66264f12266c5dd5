// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Functions and methods at their owner that wait for other collections and own objects of this JVM. A circle of them would never
 * end; it is closed by the one that begins to wait last, which is told. Thread-safe.
 */
final class CallCircles {
    /** Of threads that are in the middle of a turn. Guarded by the class. */
    private static final Map<Thread, Turns> WAITED_FOR = new HashMap<>();

    private CallCircles() {}

    /**
     * This thread is about to wait for a turn.
     *
     * @return false if it would be waiting for itself, through whatever others; then it does not wait
     */
    static synchronized boolean mayWait(Turns turns) {
        Thread self = Thread.currentThread();
        Turns next = turns;
        for (int i = 0; next != null && i <= WAITED_FOR.size(); i++) {
            @Nullable Thread holder = next.holder();
            if (holder == self) {
                return false;
            }
            next = holder == null ? null : WAITED_FOR.get(holder);
        }
        WAITED_FOR.put(self, turns);
        return true;
    }

    /** That thread has its answer, or is about to be told that there will be none. */
    static synchronized void isOver(Thread waits, Turns turns) {
        WAITED_FOR.remove(waits, turns); // and not its next wait, if it has gone on since
    }
}
