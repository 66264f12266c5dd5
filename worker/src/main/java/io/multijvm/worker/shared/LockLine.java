// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

/**
 * What this process says of its locks to their owner. Any thread says something; it is passed on later, in the order in which it was
 * said, and nothing here waits, throws or calls back. When the owner is gone, what is said is lost: {@link LockClient#ownerGone}
 * answers all that wait.
 */
public interface LockLine {
    /** A thread cannot have the lock now. Answered by woken, granted, deadlock or closed. */
    void waitFor(long lock, LockWait wait);

    /**
     * A thread that holds other shared locks waits for another of this process. Said for the sake of deadlocks alone: answered by
     * deadlock or closed, or, when the thread leaves, by left.
     */
    void blocked(long lock, LockWait wait);

    /** Without mapped memory: the lock is wanted if it is free. Answered by granted, refused or closed. */
    void tryFor(long lock, long ticket, long thread);

    /** The lock was released, and its word was marked. */
    void released(long lock);

    /** Who was woken has the lock. */
    void got(long lock, long ticket);

    /** Without mapped memory: the lock is released. */
    void unlock(long lock, long token);

    /**
     * The wait is over, of the lock, of a condition, or for another thread of this process. The last two are answered by left, if
     * nothing else was answered before.
     */
    void leave(long lock, long ticket);

    /** A thread will await a condition. Answered by registered, later by notified, or by closed. */
    void await(long lock, long condition, long ticket);

    /** One thread, or all, that await the condition are to go on. */
    void signal(long lock, long condition, boolean all);

    /** How is the lock? Answered by described or closed. */
    void describe(long lock, long ticket);

    /** The lock is to end for all. */
    void close(long lock);

    /** What crosses to another process in the lock's place: serialisable, and {@link ClientLock} again where it is read. */
    Object handle(long lock);
}
