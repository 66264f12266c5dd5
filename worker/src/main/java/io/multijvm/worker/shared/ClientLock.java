// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.failure.DeadlockException;
import io.multijvm.shared.SharedLock;
import io.multijvm.wire.objects.WaitEnding;
import io.multijvm.worker.shared.SharedWord.Taken;
import io.multijvm.worker.shared.Waiting.Answer;
import io.multijvm.worker.shared.Waiting.Kind;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/**
 * A shared lock in a process that uses it. The threads of the process queue on a lock of their own; the one that has that takes the
 * {@link SharedWord} from the other processes. So which thread holds the lock, and how often, is known here alone.
 */
public final class ClientLock implements SharedLock {
    private static final long serialVersionUID = 1;

    /** A wait for another thread of this process that is over before is nobody else's business. */
    private static final long BRIEF_NANOS = 20_000_000;

    /** How often a thread that waits for another one looks whether it waits in a circle. */
    private static final long LOOK_NANOS = 50_000_000;

    private final transient LockClient client;
    private final transient SharedWord word;
    private final transient LocalQueue queue = new LocalQueue();
    private final long number;
    private final String name;
    private final boolean reentrant;

    /** What the holder was given; {@link Taken#NOT} while nobody of this process holds it. The thread's that has the queue. */
    private transient Taken taken = Taken.NOT;

    /** How often the holder has it. As above, and read for messages. */
    private transient int count;

    ClientLock(LockClient client, long number, String name, boolean reentrant, SharedWord word) {
        this.client = client;
        this.number = number;
        this.name = name;
        this.reentrant = reentrant;
        this.word = word;
    }

    long number() {
        return number;
    }

    LockClient client() {
        return client;
    }

    SharedWord word() {
        return word;
    }

    @Override
    public void lock() {
        if (!again()) {
            enter(Patience.FOR_EVER);
            take(Patience.FOR_EVER, WaitEnding.DEADLOCK);
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        refuseInterrupted();
        if (!again()) {
            if (!enter(Patience.INTERRUPTIBLE) || !take(Patience.INTERRUPTIBLE, WaitEnding.DEADLOCK)) {
                Thread.interrupted();
                throw interrupted();
            }
        }
    }

    @Override
    public boolean tryLock() {
        if (queue.isHeldByCurrentThread()) {
            return reentrant && again();
        }
        if (!queue.tryLock()) {
            return false;
        }
        Taken now = Taken.NOT;
        try {
            client.checkOwner(name);
            now = word.tryTake();
        } finally {
            keep(now);
        }
        return now.isTaken();
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        refuseInterrupted();
        Patience patience = Patience.of(unit.toNanos(time));
        if (queue.isHeldByCurrentThread() || patience.left() <= 0) {
            return tryLock();
        }
        boolean got = enter(patience) && take(patience, WaitEnding.TIME);
        if (!got) {
            refuseInterrupted();
        }
        return got;
    }

    @Override
    public void unlock() {
        checkHeld("unlock");
        if (--count == 0) {
            Taken held = taken;
            taken = Taken.NOT;
            try {
                if (held.isTaken()) {
                    word.release(held.token());
                }
            } finally {
                queue.unlock();
            }
        } else {
            queue.unlock();
        }
    }

    @Override
    public Condition newCondition() {
        return condition(UUID.randomUUID().getLeastSignificantBits());
    }

    /** The condition of that number. */
    Condition condition(long condition) {
        return new ClientCondition(this, condition);
    }

    @Override
    public long token() {
        checkHeld("ask for the token of");
        return taken.token();
    }

    @Override
    public boolean previousOwnerDied() {
        checkHeld("ask for the previous owner of");
        return taken.previousOwnerDied();
    }

    @Override
    public boolean isLocked() {
        return (queue.isLocked() && taken.isTaken()) || word.isHeld();
    }

    @Override
    public boolean isHeldByCurrentThread() {
        return queue.isHeldByCurrentThread() && count > 0;
    }

    @Override
    public Optional<String> holder() {
        Optional<String> here = holderHere();
        return here.isPresent() ? here : word.holder();
    }

    @Override
    public void close() {
        client.line().close(number);
        client.forget(number);
    }

    @Override
    public String toString() {
        return name + " (" + holderHere().map(holder -> "held by " + holder).orElseGet(word::holderAsKnown) + ")";
    }

    /** Whether this thread has it from the other processes too. */
    boolean keepsOthersWaiting() {
        return queue.isHeldByCurrentThread() && taken.isTaken();
    }

    void checkHeld(String what) {
        if (!isHeldByCurrentThread()) {
            throw new IllegalMonitorStateException("thread "
                    + Thread.currentThread().getName() + " does not hold what it wants to " + what + ": " + this);
        }
    }

    /** All at once, however often it was taken. */
    int releaseAll() {
        int times = count;
        for (int i = 0; i < times; i++) {
            unlock();
        }
        return times;
    }

    /** If the word cannot be had any more, this thread has the queue again all the same, as the unlock that follows expects. */
    void takeAgain(int times) {
        queue.lock();
        for (int i = 1; i < times; i++) {
            queue.lock();
        }
        count = times;
        taken = word.take(Patience.FOR_EVER, WaitEnding.NOTHING);
    }

    static InterruptedException interrupted() {
        return new InterruptedException("interrupted while waiting for a shared lock");
    }

    static void refuseInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw interrupted();
        }
    }

    /** Gets this process's own queue; false if patience was over. */
    private boolean enter(Patience patience) {
        if (queue.tryLock()) {
            return true;
        }
        Set<Long> holds = patience.timed() ? Set.of() : client.heldByThisThread();
        if (holds.isEmpty()) { // it is part of no circle
            return queue.lockWithin(Long.MAX_VALUE, patience);
        }
        return queue.lockWithin(BRIEF_NANOS, patience) || (!patience.isOver() && enterWatched(patience, holds));
    }

    /** Before it goes on it waits until the owner knows that it does, so that no other wait is taken for a circle with this one. */
    private boolean enterWatched(Patience patience, Set<Long> holds) {
        Waiting waiting = client.open(number);
        boolean watched = true;
        try (waiting) {
            long thread = Thread.currentThread().getId();
            client.line().blocked(number, new LockWait(waiting.ticket(), false, WaitEnding.DEADLOCK, thread, holds));
            Answer answer = null;
            while (answer == null) {
                if (queue.lockWithin(LOOK_NANOS, patience)) {
                    watched = false;
                    leaveWatched(waiting);
                    return true;
                }
                if (patience.isOver()) {
                    return false;
                }
                answer = waiting.now();
            }
            throw word.end(answer);
        } finally {
            if (watched) {
                client.line().leave(number, waiting.ticket());
            }
        }
    }

    private void leaveWatched(Waiting waiting) {
        boolean goesOn = false;
        try {
            client.line().leave(number, waiting.ticket());
            Answer answer = waiting.await(Patience.FOR_EVER);
            if (answer != null && answer.kind() != Kind.LEFT) {
                throw word.end(answer);
            }
            goesOn = true;
        } finally {
            if (!goesOn) {
                queue.unlock();
            }
        }
    }

    /** With the queue; false, and without it, if patience was over. */
    private boolean take(Patience patience, WaitEnding ending) {
        Taken now = Taken.NOT;
        try {
            now = word.take(patience, ending);
        } finally {
            keep(now);
        }
        return now.isTaken();
    }

    private void keep(Taken now) {
        if (now.isTaken()) {
            taken = now;
            count = 1;
        } else {
            queue.unlock();
        }
    }

    private boolean again() {
        if (!queue.isHeldByCurrentThread()) {
            return false;
        }
        if (!reentrant) {
            throw new DeadlockException(
                    "deadlock: thread " + Thread.currentThread().getName() + " holds " + name
                            + " and waits for it, which would last for ever: it is not re-entrant. Unlock it first, or use an rlock.");
        }
        queue.lock();
        count++;
        return true;
    }

    private Optional<String> holderHere() {
        Thread holder = queue.holder();
        return holder == null || !taken.isTaken()
                ? Optional.empty()
                : Optional.of("process " + client.pid() + ", thread " + holder.getId() + " (" + holder.getName() + "), "
                        + (count == 1 ? "once" : count + " times"));
    }

    private Object writeReplace() {
        return client.line().handle(number);
    }
}
