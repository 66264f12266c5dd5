// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import io.multijvm.shared.SharedLatch;
import io.multijvm.stress.Owner.Seen;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/** A latch counts down, whichever process does so, and is open when the count is zero. */
class LatchStress {
    private static final long COUNT = 4;

    @Test
    void countsAreOneAfterTheOther() {
        Linearizable.check(Mapped.class, Count.class);
    }

    @Test
    void soTheyAreWhereNoMemoryIsShared() {
        Linearizable.check(ByMessages.class, Count.class);
    }

    public static class Mapped extends Subject {
        public Mapped() {
            super(Owner.MAPPED);
        }
    }

    public static class ByMessages extends Subject {
        public ByMessages() {
            super(Owner.BY_MESSAGES);
        }
    }

    /** The real one. */
    public abstract static class Subject {
        private final Seen<SharedLatch> latch;

        Subject(Owner owner) {
            latch = owner.next(SharedLatch.class, core -> core.latch(COUNT));
        }

        @Operation
        public void countDown(
                @Param(gen = IntGen.class, conf = "1:2") int by, @Param(gen = ThreadIdGen.class) int thread) {
            latch.by(thread).countDown(by);
        }

        @Operation
        public long getCount(@Param(gen = ThreadIdGen.class) int thread) {
            return latch.by(thread).getCount();
        }

        @Operation
        public boolean isOpen(@Param(gen = ThreadIdGen.class) int thread) throws InterruptedException {
            return latch.by(thread).await(Duration.ZERO);
        }
    }

    /** What it is without threads. */
    public static class Count {
        private long count = COUNT;

        public void countDown(int by, int thread) {
            count = Math.max(0, count - by);
        }

        public long getCount(int thread) {
            return count;
        }

        public boolean isOpen(int thread) {
            return count == 0;
        }
    }
}
