// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedLock;
import io.multijvm.wire.mapped.LockCell;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.LockHeard;
import io.multijvm.wire.objects.ObjectKind;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** A lock as one of a manager's objects: finds its place when it is first used, and is a {@link ClientLock} from then on. */
final class LockObject extends ObjectClient implements SharedLock {
    private static final long serialVersionUID = 1;

    private final transient OwnerLine owner;
    private transient volatile @Nullable ClientLock lock;

    LockObject(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
        this.owner = owner;
    }

    private ClientLock it() {
        ClientLock known = lock;
        return known == null || closedBecause() != null ? found() : known;
    }

    private ClientLock found() {
        Opened it = opened();
        LockClient locks = owner.locks(it.client());
        long number = handle().object();
        String name = "lock " + number;
        boolean reentrant = handle().kind().equals(ObjectKind.REENTRANT_LOCK.name());
        ClientLock found = it.memory() == null
                ? locks.remote(number, name, reentrant)
                : locks.mapped(number, name, reentrant, new LockCell(it.memory(), it.offset()), it.generation());
        lock = found;
        return found;
    }

    @Override
    protected void heard(long ticket, Heard heard) {
        LockClient locks = owner.locksIfAny();
        if (locks == null) {
            return;
        }
        if (heard instanceof Heard.Closed) { // what was said last came too late
            locks.closed(handle().object(), ticket);
            return;
        }
        if (!(heard instanceof LockHeard said)) {
            return;
        }
        if (said instanceof LockHeard.Woken woken) {
            locks.woken(ticket, woken.handOff());
        } else if (said instanceof LockHeard.Granted granted) {
            locks.granted(ticket, granted.token(), granted.previousOwnerDied());
        } else if (said instanceof LockHeard.Busy) {
            locks.refused(ticket);
        } else if (said instanceof LockHeard.Registered) {
            locks.registered(ticket);
        } else if (said instanceof LockHeard.Notified) {
            locks.notified(ticket);
        } else if (said instanceof LockHeard.Left) {
            locks.left(ticket);
        } else if (said instanceof LockHeard.Deadlock deadlock) {
            locks.deadlock(ticket, deadlock.message());
        } else if (said instanceof LockHeard.Ended) {
            locks.closed(ticket);
        } else if (said instanceof LockHeard.Described described) {
            locks.described(ticket, described.held(), described.holder());
        }
    }

    /** The condition of that number. */
    Condition condition(long number) {
        return it().condition(number);
    }

    @Override
    protected void ended(String why) {
        LockClient locks = owner.locksIfAny();
        if (locks != null) {
            locks.forget(handle().object());
        }
    }

    @Override
    public void lock() {
        it().lock();
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        it().lockInterruptibly();
    }

    @Override
    public boolean tryLock() {
        return it().tryLock();
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return it().tryLock(time, unit);
    }

    /** Also when it was closed meanwhile, for who releases it in a finally has done nothing wrong. */
    @Override
    public void unlock() {
        ClientLock known = lock;
        (known == null ? found() : known).unlock();
    }

    @Override
    public Condition newCondition() {
        return it().newCondition();
    }

    @Override
    public long token() {
        return it().token();
    }

    @Override
    public boolean previousOwnerDied() {
        return it().previousOwnerDied();
    }

    @Override
    public boolean isLocked() {
        return it().isLocked();
    }

    @Override
    public boolean isHeldByCurrentThread() {
        return it().isHeldByCurrentThread();
    }

    @Override
    public Optional<String> holder() {
        return it().holder();
    }

    @Override
    public void close() {
        closeForAll();
    }

    @Override
    public String toString() {
        ClientLock known = lock;
        return known == null ? super.toString() : known.toString();
    }
}
