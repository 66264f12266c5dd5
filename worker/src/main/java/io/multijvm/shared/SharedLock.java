// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.io.Serializable;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A lock that one thread of one process has at a time, of all the processes that have a handle to it. Whoever dies with it, it is
 * freed: when the holder's process has ended, the next in the queue gets it and is told by {@link #previousOwnerDied}.
 *
 * <pre>{@code
 * lock.lock();
 * try {
 *     if (lock.previousOwnerDied()) {
 *         repair();
 *     }
 *     storage.write(record, lock.token());
 * } finally {
 *     lock.unlock();
 * }
 * }</pre>
 *
 * <p>There are two kinds. A <i>re-entrant</i> lock may be locked by its holder again, and is free when it was unlocked as often.
 * A <i>plain</i> one may not: {@link #lock} by its own holder throws {@link io.multijvm.failure.DeadlockException} at once, and
 * {@link #tryLock()} is false.
 *
 * <p>A free lock is taken and released by one change of memory each, if the process runs on its owner's machine; who has to
 * wait is queued by the owner. A lock is not fair: who comes when it is free takes it, but not past a waiter that was late
 * three times. A thread that waits without a time in a circle of threads and shared locks gets a
 * {@link io.multijvm.failure.DeadlockException} that names all of them.
 *
 * <p>A process that is stopped, by a debugger say, in the very moment in which it was next holds up those queued behind it,
 * though not those that come anew, until it goes on or ends.
 *
 * <p>All methods can be called by any thread. A handle crosses to other processes, captured by a task or as a value, and is
 * the same lock there; it does not cross as held. When the process that owns the lock has ended or closed its manager, every wait and
 * every new {@code lock} throws {@link IllegalStateException} that says so, and {@code unlock} by the holder does nothing.
 *
 * <p>What a thread wrote before {@code unlock} is seen by the thread that locks next: in its own process as with any
 * {@link Lock}, and in other processes what lies in shared memory. See Python's {@code multiprocessing.Lock} and {@code RLock}.
 */
public interface SharedLock extends Lock, AutoCloseable, Serializable {
    /**
     * Takes the lock; waits as long as it takes, and is not interrupted by anything.
     *
     * @throws io.multijvm.failure.DeadlockException if this would wait for ever
     * @throws IllegalStateException if the lock was closed, or its owner is gone
     */
    @Override
    void lock();

    /**
     * Takes the lock, or waits until it is free, or the thread is interrupted.
     *
     * @throws InterruptedException if it is, or was before; the lock is not taken then
     * @throws io.multijvm.failure.DeadlockException if this would wait for ever
     * @throws IllegalStateException if the lock was closed, or its owner is gone
     */
    @Override
    void lockInterruptibly() throws InterruptedException;

    /**
     * Takes the lock if it is free now. Does not wait; from another machine it takes a question to the owner. False also while
     * the lock is kept for a waiter that was late too often, in the moment in which another thread of this process takes or releases
     * it, and, of a plain lock, for its holder.
     *
     * @throws IllegalStateException if the lock was closed, or its owner is gone
     */
    @Override
    boolean tryLock();

    /**
     * Takes the lock if that can be done in the time. A plain lock's own holder is told false at once, for nobody else could
     * release it meanwhile. A time of zero or less does not wait.
     *
     * @throws InterruptedException if the thread is interrupted, or was before; the lock is not taken then
     * @throws IllegalStateException if the lock was closed, or its owner is gone
     */
    @Override
    boolean tryLock(long time, TimeUnit unit) throws InterruptedException;

    /**
     * Releases the lock, one of its takings if it is re-entrant. Never waits.
     *
     * @throws IllegalMonitorStateException if this thread does not hold it
     */
    @Override
    void unlock();

    /**
     * A new condition of this lock, with all that {@link Condition} says. It crosses to other processes as the lock does, and is
     * the same condition there: one process awaits, another signals. Two calls make two conditions.
     *
     * <p>A thread that awaits is registered with the owner before it releases the lock, so that no signal passes by. A signal
     * makes the thread that has awaited longest take the lock again. When any process that uses the owner dies, all that await
     * are woken as if by chance, for the dead one may have had a signal that it did not use or did not send: await in a loop, as
     * with every condition. No wait for the lock after an await ends before it has the lock, but by its owner's end; then the
     * await throws {@link IllegalStateException}, and {@code unlock} does nothing.
     */
    @Override
    Condition newCondition();

    /**
     * The fencing token: higher than that of every thread that had this lock before, and than what those of a dead process
     * could still send. Give it to what the lock guards, and have lower ones refused there. Taking a re-entrant lock again does
     * not raise it, awaiting a condition does.
     *
     * @throws IllegalMonitorStateException if this thread does not hold the lock
     */
    long token();

    /**
     * Whether the process that held the lock last died with it, so that what the lock guards may be half changed. Told to one
     * holder alone, until that one releases the lock or awaits.
     *
     * @throws IllegalMonitorStateException if this thread does not hold the lock
     */
    boolean previousOwnerDied();

    /** Whether any thread of any process holds it, this moment. From another machine it takes a question to the owner. */
    boolean isLocked();

    /** Whether the calling thread holds it. */
    boolean isHeldByCurrentThread();

    /**
     * Who holds it, in words: {@code process 4711, thread 17}, with name and count if that is a thread of this process. Empty if
     * nobody does. For messages: it may be over when it is read. From another machine it takes a question to the owner.
     */
    Optional<String> holder();

    /**
     * Ends the lock for all processes: who waits for it or awaits a condition gets an {@link IllegalStateException}, and so does
     * who uses it from now on; only who holds it can still unlock. Does not wait. Closing twice does nothing. Happens by itself
     * when its manager is closed.
     */
    @Override
    void close();
}
