// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multijvm.shared.SharedDouble;
import io.multijvm.stress.Mapped.Pair;
import io.multijvm.wire.objects.ObjectKind;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.DDD_Result;

/** A {@code double} that two processes change: an addition reads, adds and compares until nobody came between. */
public final class DoubleCollisions {
    private static final Mapped<SharedDouble> VALUES = Mapped.of(ObjectKind.DOUBLE, SharedDouble.class);

    private DoubleCollisions() {}

    @JCStressTest
    @Outcome(id = "0.0, 1.0, 2.0", expect = ACCEPTABLE, desc = "the one adds first")
    @Outcome(id = "1.0, 0.0, 2.0", expect = ACCEPTABLE, desc = "the other adds first")
    @Outcome(expect = FORBIDDEN, desc = "an addition was lost, or both saw the same")
    @State
    public static class GetAndAdd {
        private final Pair<SharedDouble> value = VALUES.take();

        @Actor
        public void one(DDD_Result seen) {
            seen.r1 = value.one().getAndAdd(1);
        }

        @Actor
        public void other(DDD_Result seen) {
            seen.r2 = value.other().getAndAdd(1);
        }

        @Arbiter
        public void after(DDD_Result seen) {
            seen.r3 = value.one().get();
        }
    }

    @JCStressTest
    @Outcome(id = "0.0, 0.5, 8.0", expect = ACCEPTABLE, desc = "it was added first")
    @Outcome(id = "8.0, 0.0, 8.5", expect = ACCEPTABLE, desc = "it was added afterwards")
    @Outcome(expect = FORBIDDEN, desc = "an addition was half there")
    @State
    public static class AddAndSet {
        private final Pair<SharedDouble> value = VALUES.take();

        @Actor
        public void one(DDD_Result seen) {
            seen.r1 = value.one().getAndAdd(0.5);
        }

        @Actor
        public void other(DDD_Result seen) {
            seen.r2 = value.other().getAndSet(8);
        }

        @Arbiter
        public void after(DDD_Result seen) {
            seen.r3 = value.one().get();
        }
    }
}
