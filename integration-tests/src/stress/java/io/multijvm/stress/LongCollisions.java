// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multijvm.shared.SharedLong;
import io.multijvm.stress.Mapped.Pair;
import io.multijvm.wire.objects.ObjectKind;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.J_Result;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/** A {@code long} that two processes change: each operation is one step, and all of it. */
public final class LongCollisions {
    private static final Mapped<SharedLong> VALUES = Mapped.of(ObjectKind.LONG, SharedLong.class);

    private LongCollisions() {}

    @JCStressTest
    @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "the one adds first")
    @Outcome(id = "1, 0, 2", expect = ACCEPTABLE, desc = "the other adds first")
    @Outcome(expect = FORBIDDEN, desc = "an addition was lost, or both saw the same")
    @State
    public static class GetAndAdd {
        private final Pair<SharedLong> value = VALUES.take();

        @Actor
        public void one(JJJ_Result seen) {
            seen.r1 = value.one().getAndAdd(1);
        }

        @Actor
        public void other(JJJ_Result seen) {
            seen.r2 = value.other().getAndAdd(1);
        }

        @Arbiter
        public void after(JJJ_Result seen) {
            seen.r3 = value.one().get();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "the one counts first")
    @Outcome(id = "2, 1, 2", expect = ACCEPTABLE, desc = "the other counts first")
    @Outcome(expect = FORBIDDEN, desc = "a count was lost, or both got the same")
    @State
    public static class IncrementAndGet {
        private final Pair<SharedLong> value = VALUES.take();

        @Actor
        public void one(JJJ_Result seen) {
            seen.r1 = value.one().incrementAndGet();
        }

        @Actor
        public void other(JJJ_Result seen) {
            seen.r2 = value.other().incrementAndGet();
        }

        @Arbiter
        public void after(JJJ_Result seen) {
            seen.r3 = value.other().get();
        }
    }

    @JCStressTest
    @Outcome(id = "true, false, 5", expect = ACCEPTABLE, desc = "the one found what it expected")
    @Outcome(id = "false, true, 7", expect = ACCEPTABLE, desc = "the other found what it expected")
    @Outcome(expect = FORBIDDEN, desc = "both found it, or neither, or what stays is not of who found it")
    @State
    public static class CompareAndSet {
        private final Pair<SharedLong> value = VALUES.take();

        @Actor
        public void one(ZZJ_Result seen) {
            seen.r1 = value.one().compareAndSet(0, 5);
        }

        @Actor
        public void other(ZZJ_Result seen) {
            seen.r2 = value.other().compareAndSet(0, 7);
        }

        @Arbiter
        public void after(ZZJ_Result seen) {
            seen.r3 = value.one().get();
        }
    }

    @JCStressTest
    @Outcome(id = "0, 5, 7", expect = ACCEPTABLE, desc = "the one sets first")
    @Outcome(id = "7, 0, 5", expect = ACCEPTABLE, desc = "the other sets first")
    @Outcome(expect = FORBIDDEN, desc = "a value was had by nobody, or by both")
    @State
    public static class GetAndSet {
        private final Pair<SharedLong> value = VALUES.take();

        @Actor
        public void one(JJJ_Result seen) {
            seen.r1 = value.one().getAndSet(5);
        }

        @Actor
        public void other(JJJ_Result seen) {
            seen.r2 = value.other().getAndSet(7);
        }

        @Arbiter
        public void after(JJJ_Result seen) {
            seen.r3 = value.other().get();
        }
    }

    @JCStressTest
    @Outcome(id = "6, 0, 6", expect = ACCEPTABLE, desc = "it was added before the function")
    @Outcome(id = "10, 10, 12", expect = ACCEPTABLE, desc = "it was added afterwards")
    @Outcome(expect = FORBIDDEN, desc = "the function was given what was no longer so")
    @State
    public static class UpdateAndAdd {
        private final Pair<SharedLong> value = VALUES.take();

        @Actor
        public void one(JJJ_Result seen) {
            seen.r1 = value.one().updateAndGet(now -> now == 0 ? 10 : 3 * now);
        }

        @Actor
        public void other(JJJ_Result seen) {
            seen.r2 = value.other().getAndAdd(2);
        }

        @Arbiter
        public void after(JJJ_Result seen) {
            seen.r3 = value.one().get();
        }
    }

    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "before")
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "afterwards")
    @Outcome(expect = FORBIDDEN, desc = "half of it was seen")
    @State
    public static class Whole {
        private final Pair<SharedLong> value = VALUES.take();

        @Actor
        public void one() {
            value.one().set(-1);
        }

        @Actor
        public void other(J_Result seen) {
            seen.r1 = value.other().get();
        }
    }
}
