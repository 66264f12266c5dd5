// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import io.multijvm.internal.shared.ManagerCore;
import io.multijvm.shared.SharedSemaphore;
import io.multijvm.stress.Owner.Seen;
import io.multijvm.worker.shared.ObjectClient;
import java.util.function.Function;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/** A semaphore's operations are one after the other, whichever process asks. */
class SemaphoreStress {
    private static final int PERMITS = 2;

    @Test
    void permitsAreTakenAndGivenBackOneAfterTheOther() {
        Linearizable.check(Mapped.class, Unbounded.class);
    }

    @Test
    void soTheyAreWhereNoMemoryIsShared() {
        Linearizable.check(ByMessages.class, Unbounded.class);
    }

    @Test
    void aBoundedOneNeverHasMoreThanAtFirst() {
        Linearizable.check(BoundedMapped.class, Bounded.class);
    }

    @Test
    void soItIsWhereNoMemoryIsShared() {
        Linearizable.check(BoundedByMessages.class, Bounded.class);
    }

    public static class Mapped extends Subject {
        public Mapped() {
            super(Owner.MAPPED, core -> core.semaphore(PERMITS));
        }
    }

    public static class ByMessages extends Subject {
        public ByMessages() {
            super(Owner.BY_MESSAGES, core -> core.semaphore(PERMITS));
        }
    }

    public static class BoundedMapped extends Subject {
        public BoundedMapped() {
            super(Owner.MAPPED, core -> core.boundedSemaphore(PERMITS));
        }
    }

    public static class BoundedByMessages extends Subject {
        public BoundedByMessages() {
            super(Owner.BY_MESSAGES, core -> core.boundedSemaphore(PERMITS));
        }
    }

    /** The real ones. */
    @Param(name = "permits", gen = IntGen.class, conf = "1:2")
    public abstract static class Subject {
        private final Seen<SharedSemaphore> semaphore;

        Subject(Owner owner, Function<ManagerCore, ObjectClient> make) {
            semaphore = owner.next(SharedSemaphore.class, make);
        }

        @Operation
        public boolean tryAcquire(@Param(name = "permits") int permits, @Param(gen = ThreadIdGen.class) int thread) {
            return semaphore.by(thread).tryAcquire(permits);
        }

        @Operation
        public boolean release(@Param(name = "permits") int permits, @Param(gen = ThreadIdGen.class) int thread) {
            try {
                semaphore.by(thread).release(permits);
                return true;
            } catch (IllegalStateException e) { // would be more than at first
                return false;
            }
        }

        @Operation
        public int availablePermits(@Param(gen = ThreadIdGen.class) int thread) {
            return semaphore.by(thread).availablePermits();
        }
    }

    public static class Unbounded extends Count {
        public Unbounded() {
            super(Integer.MAX_VALUE);
        }
    }

    public static class Bounded extends Count {
        public Bounded() {
            super(PERMITS);
        }
    }

    /** What they are without threads. */
    public abstract static class Count {
        private final int most;
        private int permits = PERMITS;

        Count(int most) {
            this.most = most;
        }

        public boolean tryAcquire(int wanted, int thread) {
            if (wanted > permits) {
                return false;
            }
            permits -= wanted;
            return true;
        }

        public boolean release(int given, int thread) {
            if (given > most - permits) {
                return false;
            }
            permits += given;
            return true;
        }

        public int availablePermits(int thread) {
            return permits;
        }
    }
}
