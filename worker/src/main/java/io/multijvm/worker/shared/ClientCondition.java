// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedLock;
import io.multijvm.worker.shared.Waiting.Answer;
import io.multijvm.worker.shared.Waiting.Kind;
import java.io.Serializable;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * A condition of a shared lock in a process that uses it: no more than a number, for the owner knows who awaits.
 *
 * <pre>
 * holding -- registered --> awaiting, without the lock -- notified ----------> takes the lock again as any thread does
 *                                |-- time over or interrupt --> asks to leave -- left -------> the same, and says so
 *                                                                  |-- notified before that --> was signalled, in time
 * </pre>
 *
 * <p>Who asks to leave waits for the answer, so that a signal is never used up by a thread that reports that there was none.
 */
public final class ClientCondition implements Condition, Serializable {
    private static final long serialVersionUID = 1;

    private final transient ClientLock lock;
    private final long number;

    /**
     * The condition of that number.
     *
     * @param lock as it arrived
     */
    public static Condition of(SharedLock lock, long number) {
        if (lock instanceof LockObject object) {
            return object.condition(number);
        }
        if (lock instanceof ClientLock here) {
            return here.condition(number);
        }
        throw new IllegalStateException("the condition's lock arrived as " + lock.getClass());
    }

    ClientCondition(ClientLock lock, long number) {
        this.lock = lock;
        this.number = number;
    }

    @Override
    public void await() throws InterruptedException {
        ClientLock.refuseInterrupted();
        if (!isNotified(Patience.INTERRUPTIBLE)) {
            Thread.interrupted();
            throw ClientLock.interrupted();
        }
    }

    @Override
    public void awaitUninterruptibly() {
        isNotified(Patience.FOR_EVER); // it is, or this throws
    }

    @Override
    public long awaitNanos(long nanos) throws InterruptedException {
        Patience patience = Patience.of(nanos);
        isNotifiedInTime(patience);
        return patience.left();
    }

    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return isNotifiedInTime(Patience.of(unit.toNanos(time)));
    }

    @Override
    @SuppressWarnings("JavaUtilDate") // the JDK's interface asks for it
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        long millis = deadline.getTime() - System.currentTimeMillis();
        return isNotifiedInTime(Patience.of(TimeUnit.MILLISECONDS.toNanos(millis)));
    }

    @Override
    public void signal() {
        lock.checkHeld("signal a condition of");
        lock.client().signal(lock.number(), number, false);
    }

    @Override
    public void signalAll() {
        lock.checkHeld("signal a condition of");
        lock.client().signal(lock.number(), number, true);
    }

    /** Awaits; whether it was notified in time. */
    private boolean isNotifiedInTime(Patience patience) throws InterruptedException {
        ClientLock.refuseInterrupted();
        boolean notified = isNotified(patience);
        if (!notified) {
            ClientLock.refuseInterrupted();
        }
        return notified;
    }

    /** Awaits; false if patience was over before it was notified. */
    private boolean isNotified(Patience patience) {
        lock.checkHeld("await a condition of");
        LockLine line = lock.client().line();
        try (Waiting waiting = lock.client().open(lock.number())) {
            line.await(lock.number(), number, waiting.ticket());
            Answer registered = waiting.await(Patience.FOR_EVER);
            refuseEnd(registered); // with the lock still held
            int times = lock.releaseAll();
            @Nullable Answer answer = null;
            try {
                answer = waiting.await(patience, Kind.REGISTERED);
                if (answer == null) {
                    line.leave(lock.number(), waiting.ticket());
                    answer = waiting.await(Patience.FOR_EVER, Kind.REGISTERED);
                }
            } finally {
                lock.takeAgain(times);
            }
            refuseEnd(answer);
            return answer != null && answer.kind() == Kind.NOTIFIED;
        }
    }

    private void refuseEnd(@Nullable Answer answer) {
        if (answer != null && answer.kind().isLast()) {
            throw lock.word().end(answer);
        }
    }

    @Override
    public String toString() {
        return "condition of " + lock;
    }

    private Object writeReplace() {
        return new SharedHandle.OfCondition(lock, number);
    }
}
