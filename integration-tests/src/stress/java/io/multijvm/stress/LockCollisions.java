// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multijvm.shared.SharedLock;
import io.multijvm.stress.Mapped.Pair;
import io.multijvm.wire.objects.ObjectKind;
import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/** A lock whose word two processes take and release in mapped memory. */
public final class LockCollisions {
    private static final Mapped<SharedLock> LOCKS = Mapped.of(ObjectKind.LOCK, SharedLock.class);
    private static final Mapped<ByteBuffer> MEMORIES = Mapped.plain();

    private LockCollisions() {}

    /** Each tries once. */
    @JCStressTest
    @Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "the one had it first")
    @Outcome(id = "2, 1, 2", expect = ACCEPTABLE, desc = "the other had it first")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "the other found it taken")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "the one found it taken")
    @Outcome(expect = FORBIDDEN, desc = "both had it at the same time, or a token came twice")
    @State
    public static class WhoComesFirst {
        private final Pair<SharedLock> lock = LOCKS.take();
        private final Pair<ByteBuffer> guarded = MEMORIES.take();

        @Actor
        public void one(JJJ_Result seen) {
            seen.r1 = count(lock.one(), guarded.one());
        }

        @Actor
        public void other(JJJ_Result seen) {
            seen.r2 = count(lock.other(), guarded.other());
        }

        @Arbiter
        public void after(JJJ_Result seen) {
            seen.r3 = guarded.one().getLong(0);
        }
    }

    /** Each tries until it has it. */
    @JCStressTest
    @Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "the one had it first")
    @Outcome(id = "2, 1, 2", expect = ACCEPTABLE, desc = "the other had it first")
    @Outcome(expect = FORBIDDEN, desc = "both had it at the same time, or a token came twice")
    @State
    public static class BothInTurn {
        private final Pair<SharedLock> lock = LOCKS.take();
        private final Pair<ByteBuffer> guarded = MEMORIES.take();

        @Actor
        public void one(JJJ_Result seen) {
            seen.r1 = countAtLast(lock.one(), guarded.one());
        }

        @Actor
        public void other(JJJ_Result seen) {
            seen.r2 = countAtLast(lock.other(), guarded.other());
        }

        @Arbiter
        public void after(JJJ_Result seen) {
            seen.r3 = guarded.other().getLong(0);
        }
    }

    /** Counts in raw memory, which only the lock makes safe; returns the token, 0 if it was taken. */
    private static long count(SharedLock lock, ByteBuffer guarded) {
        if (!lock.tryLock()) {
            return 0;
        }
        try {
            guarded.putLong(0, guarded.getLong(0) + 1);
            return lock.token();
        } finally {
            lock.unlock();
        }
    }

    private static long countAtLast(SharedLock lock, ByteBuffer guarded) {
        while (true) {
            long token = count(lock, guarded);
            if (token != 0) {
                return token;
            }
            Thread.onSpinWait();
        }
    }
}
