// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multijvm.shared.SharedInt;
import io.multijvm.stress.Mapped.Pair;
import io.multijvm.wire.objects.ObjectKind;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** An {@code int} that two processes change: each operation is one step. */
public final class IntCollisions {
    private static final Mapped<SharedInt> VALUES = Mapped.of(ObjectKind.INT, SharedInt.class);

    private IntCollisions() {}

    @JCStressTest
    @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "the one adds first")
    @Outcome(id = "1, 0, 2", expect = ACCEPTABLE, desc = "the other adds first")
    @Outcome(expect = FORBIDDEN, desc = "an addition was lost, or both saw the same")
    @State
    public static class GetAndAdd {
        private final Pair<SharedInt> value = VALUES.take();

        @Actor
        public void one(III_Result seen) {
            seen.r1 = value.one().getAndAdd(1);
        }

        @Actor
        public void other(III_Result seen) {
            seen.r2 = value.other().getAndAdd(1);
        }

        @Arbiter
        public void after(III_Result seen) {
            seen.r3 = value.one().get();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "the one counts first")
    @Outcome(id = "2, 1, 2", expect = ACCEPTABLE, desc = "the other counts first")
    @Outcome(expect = FORBIDDEN, desc = "a count was lost, or both got the same")
    @State
    public static class IncrementAndGet {
        private final Pair<SharedInt> value = VALUES.take();

        @Actor
        public void one(III_Result seen) {
            seen.r1 = value.one().incrementAndGet();
        }

        @Actor
        public void other(III_Result seen) {
            seen.r2 = value.other().incrementAndGet();
        }

        @Arbiter
        public void after(III_Result seen) {
            seen.r3 = value.other().get();
        }
    }

    @JCStressTest
    @Outcome(id = "true, false, 5", expect = ACCEPTABLE, desc = "the one found what it expected")
    @Outcome(id = "false, true, 7", expect = ACCEPTABLE, desc = "the other found what it expected")
    @Outcome(expect = FORBIDDEN, desc = "both found it, or neither, or what stays is not of who found it")
    @State
    public static class CompareAndSet {
        private final Pair<SharedInt> value = VALUES.take();

        @Actor
        public void one(ZZI_Result seen) {
            seen.r1 = value.one().compareAndSet(0, 5);
        }

        @Actor
        public void other(ZZI_Result seen) {
            seen.r2 = value.other().compareAndSet(0, 7);
        }

        @Arbiter
        public void after(ZZI_Result seen) {
            seen.r3 = value.one().get();
        }
    }

    @JCStressTest
    @Outcome(id = "0, 5, 7", expect = ACCEPTABLE, desc = "the one sets first")
    @Outcome(id = "7, 0, 5", expect = ACCEPTABLE, desc = "the other sets first")
    @Outcome(expect = FORBIDDEN, desc = "a value was had by nobody, or by both")
    @State
    public static class GetAndSet {
        private final Pair<SharedInt> value = VALUES.take();

        @Actor
        public void one(III_Result seen) {
            seen.r1 = value.one().getAndSet(5);
        }

        @Actor
        public void other(III_Result seen) {
            seen.r2 = value.other().getAndSet(7);
        }

        @Arbiter
        public void after(III_Result seen) {
            seen.r3 = value.other().get();
        }
    }
}
