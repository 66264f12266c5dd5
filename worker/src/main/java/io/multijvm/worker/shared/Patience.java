// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

/**
 * What a thread puts up with while it waits.
 *
 * @param interruptible whether an interrupt ends its waiting
 * @param timed whether there is a deadline
 * @param deadline by System.nanoTime
 */
record Patience(boolean interruptible, boolean timed, long deadline) {
    static final Patience FOR_EVER = new Patience(false, false, 0);
    static final Patience INTERRUPTIBLE = new Patience(true, false, 0);

    static Patience of(long nanos) {
        return new Patience(true, true, System.nanoTime() + Math.max(nanos, 0));
    }

    boolean isOver() {
        return left() <= 0 || (interruptible && Thread.currentThread().isInterrupted());
    }

    /** How long it lasts; zero or less when it is over. */
    long left() {
        return timed ? deadline - System.nanoTime() : Long.MAX_VALUE;
    }
}
