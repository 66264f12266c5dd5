// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import io.multijvm.shared.SharedLock;
import io.multijvm.stress.Owner.Seen;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/** A lock is one thread's at a time, of two processes; what it guards is not thread-safe by itself. */
class LockStress {
    @Test
    void oneHasItAtATimeAndWhoHasItNotIsTold() {
        Linearizable.check(TriedMapped.class, Holder.class);
    }

    @Test
    void soItIsWhereNoMemoryIsShared() {
        Linearizable.check(TriedByMessages.class, Holder.class);
    }

    @Test
    void whoWaitsGetsItAndTokensRise() {
        Linearizable.check(GuardingMapped.class, Counter.class);
    }

    @Test
    void soTheyDoWhereNoMemoryIsShared() {
        Linearizable.check(GuardingByMessages.class, Counter.class);
    }

    public static class TriedMapped extends Tried {
        public TriedMapped() {
            super(Owner.MAPPED);
        }
    }

    public static class TriedByMessages extends Tried {
        public TriedByMessages() {
            super(Owner.BY_MESSAGES);
        }
    }

    public static class GuardingMapped extends Guarding {
        public GuardingMapped() {
            super(Owner.MAPPED);
        }
    }

    public static class GuardingByMessages extends Guarding {
        public GuardingByMessages() {
            super(Owner.BY_MESSAGES);
        }
    }

    /** The real one, without waiting: a thread may hold it from one operation to the next. */
    public abstract static class Tried {
        private final Seen<SharedLock> lock;

        Tried(Owner owner) {
            lock = owner.next(SharedLock.class, core -> core.lock(false));
        }

        /**
         * Tries again while nobody holds it: a thread is also told false in the moment in which another of its process is about to
         * find it taken, or has just released it.
         */
        @Operation
        public boolean tryLock(@Param(gen = ThreadIdGen.class) int thread) {
            SharedLock its = lock.by(thread);
            while (!its.tryLock()) {
                if (its.isLocked()) {
                    return false;
                }
            }
            return true;
        }

        @Operation
        public boolean unlock(@Param(gen = ThreadIdGen.class) int thread) {
            try {
                lock.by(thread).unlock();
                return true;
            } catch (IllegalMonitorStateException e) { // this thread does not hold it
                return false;
            }
        }

        @Operation
        public boolean holdsIt(@Param(gen = ThreadIdGen.class) int thread) {
            return lock.by(thread).isHeldByCurrentThread();
        }

        @Operation
        public boolean isLocked(@Param(gen = ThreadIdGen.class) int thread) {
            return lock.by(thread).isLocked();
        }
    }

    /** What that is without threads. */
    public static class Holder {
        private int holder = -1;

        public boolean tryLock(int thread) {
            if (holder >= 0) {
                return false;
            }
            holder = thread;
            return true;
        }

        public boolean unlock(int thread) {
            if (holder != thread) {
                return false;
            }
            holder = -1;
            return true;
        }

        public boolean holdsIt(int thread) {
            return holder == thread;
        }

        public boolean isLocked(int thread) {
            return holder >= 0;
        }
    }

    /** The real one, with waiting: each operation takes it, counts, and releases it. */
    @SuppressWarnings("LockNotBeforeTry") // it is taken in several ways
    public abstract static class Guarding {
        private final Seen<SharedLock> lock;
        private long lastToken;
        private int count;

        Guarding(Owner owner) {
            lock = owner.next(SharedLock.class, core -> core.lock(true));
        }

        @Operation
        public int lockAndCount(@Param(gen = ThreadIdGen.class) int thread) {
            SharedLock its = lock.by(thread);
            its.lock();
            return countAndUnlock(its);
        }

        @Operation
        public int lockTwiceAndCount(@Param(gen = ThreadIdGen.class) int thread) {
            SharedLock its = lock.by(thread);
            its.lock();
            its.lock();
            its.unlock();
            return countAndUnlock(its);
        }

        @Operation
        public int tryLockInTimeAndCount(@Param(gen = ThreadIdGen.class) int thread) throws InterruptedException {
            SharedLock its = lock.by(thread);
            return its.tryLock(1, TimeUnit.HOURS) ? countAndUnlock(its) : -1;
        }

        private int countAndUnlock(SharedLock its) {
            try {
                long token = its.token();
                if (token <= lastToken) {
                    throw new AssertionError("token " + token + " after " + lastToken);
                }
                lastToken = token;
                return ++count;
            } finally {
                its.unlock();
            }
        }
    }

    /** What that is without threads. */
    public static class Counter {
        private int count;

        public int lockAndCount(int thread) {
            return ++count;
        }

        public int lockTwiceAndCount(int thread) {
            return ++count;
        }

        public int tryLockInTimeAndCount(int thread) {
            return ++count;
        }
    }
}
