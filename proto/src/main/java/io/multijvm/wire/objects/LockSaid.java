// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

import java.util.Set;

/** What a client says to the owner of a lock. The ticket of each is that of the wait that it is about. */
public sealed interface LockSaid extends Said {
    /**
     * A thread has to wait.
     *
     * @param inFront it was woken, and somebody was faster
     * @param ending what may end the wait
     * @param thread its id
     * @param holds the numbers of the locks that it holds meanwhile
     */
    record Wait(boolean inFront, WaitEnding ending, long thread, Set<Long> holds) implements LockSaid {
        public Wait {
            holds = Set.copyOf(holds);
        }
    }

    /** As {@link Wait}, for another thread of its own process. */
    record Blocked(WaitEnding ending, long thread, Set<Long> holds) implements LockSaid {
        public Blocked {
            holds = Set.copyOf(holds);
        }
    }

    /** Without mapped memory: it is wanted if it is free. */
    record TryFor(long thread) implements LockSaid {}

    /** It was released, and its word was marked. */
    record Released() implements LockSaid {}

    /** Who was woken has it. */
    record Got() implements LockSaid {}

    /** Without mapped memory: it is released. */
    record Unlock(long token) implements LockSaid {}

    /** The wait is over. */
    record Leave() implements LockSaid {}

    /** A thread will await a condition. */
    record Await(long condition) implements LockSaid {}

    /** One thread that awaits the condition, or all, are to go on. */
    record Signal(long condition, boolean all) implements LockSaid {}

    /** How is it? */
    record Describe() implements LockSaid {}
}
