// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads in while it is open; once it is shut, and the last has left, does what it was shut for. Shut at first.
 * Thread-safe; nobody waits here.
 */
public final class Gate {
    private static final int SHUT = 1 << 30;

    /** How many are inside, and whether it is shut. */
    private final AtomicInteger word = new AtomicInteger(SHUT);

    private final AtomicReference<@Nullable Runnable> whenEmpty = new AtomicReference<>();

    private final AtomicReference<@Nullable Runnable> last = new AtomicReference<>();

    /** False if it is shut. Who was let in leaves. */
    public boolean enter() {
        for (int now = word.get(); (now & SHUT) == 0; now = word.get()) {
            if (word.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    public void leave() {
        if (word.decrementAndGet() == SHUT) {
            empty();
        }
    }

    public boolean isShut() {
        return (word.get() & SHUT) != 0;
    }

    /**
     * Lets threads in from now on.
     *
     * @throws IllegalStateException if it is open, or somebody is still inside
     */
    public void open() {
        if (!word.compareAndSet(SHUT, 0)) {
            throw new IllegalStateException("a gate is opened only when it is shut and nobody is inside");
        }
    }

    /**
     * Lets nobody in any more.
     *
     * @param then run once, when nobody is inside: here, or by the last that leaves
     * @return false if it was shut before; then nothing is run
     */
    public boolean shut(Runnable then) {
        for (int now = word.get(); (now & SHUT) == 0; now = word.get()) {
            whenEmpty.set(then);
            if (word.compareAndSet(now, now | SHUT)) {
                if (now == 0) {
                    empty();
                }
                return true;
            }
        }
        return false;
    }

    /** Of a gate that is shut for good: run once, when nobody is inside and what it was shut for is done. */
    public void whenLeft(Runnable then) {
        last.set(then);
        if (word.get() == SHUT) {
            run(last);
        }
    }

    private void empty() {
        run(whenEmpty);
        if (word.get() == SHUT) { // it may have been opened since
            run(last);
        }
    }

    private static void run(AtomicReference<@Nullable Runnable> of) {
        Runnable then = of.getAndSet(null);
        if (then != null) {
            then.run();
        }
    }
}
