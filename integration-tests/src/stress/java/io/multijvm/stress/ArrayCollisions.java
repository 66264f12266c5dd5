// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multijvm.shared.SharedDoubleArray;
import io.multijvm.shared.SharedIntArray;
import io.multijvm.shared.SharedLongArray;
import io.multijvm.stress.Mapped.Pair;
import io.multijvm.wire.objects.ObjectKind;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.DDD_Result;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Elements of arrays that two processes change. */
public final class ArrayCollisions {
    private static final Mapped<SharedLongArray> LONGS = Mapped.of(ObjectKind.LONG_ARRAY, SharedLongArray.class);
    private static final Mapped<SharedIntArray> INTS = Mapped.of(ObjectKind.INT_ARRAY, SharedIntArray.class);
    private static final Mapped<SharedDoubleArray> DOUBLES =
            Mapped.of(ObjectKind.DOUBLE_ARRAY, SharedDoubleArray.class);

    private ArrayCollisions() {}

    @JCStressTest
    @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "the one adds first")
    @Outcome(id = "1, 0, 2", expect = ACCEPTABLE, desc = "the other adds first")
    @Outcome(expect = FORBIDDEN, desc = "an addition was lost, or both saw the same")
    @State
    public static class LongElement {
        private final Pair<SharedLongArray> array = LONGS.take();

        @Actor
        public void one(JJJ_Result seen) {
            seen.r1 = array.one().getAndAdd(7, 1);
        }

        @Actor
        public void other(JJJ_Result seen) {
            seen.r2 = array.other().getAndAdd(7, 1);
        }

        @Arbiter
        public void after(JJJ_Result seen) {
            seen.r3 = array.one().get(7);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 0, 2", expect = ACCEPTABLE, desc = "each added to its own")
    @Outcome(expect = FORBIDDEN, desc = "the one took back what the other did to the element beside")
    @State
    public static class IntNeighbours {
        private final Pair<SharedIntArray> array = INTS.take();

        @Actor
        public void one(III_Result seen) {
            seen.r1 = array.one().getAndAdd(0, 1);
        }

        @Actor
        public void other(III_Result seen) {
            seen.r2 = array.other().getAndAdd(1, 1);
        }

        @Arbiter
        public void after(III_Result seen) {
            seen.r3 = array.one().get(0) + array.other().get(1);
        }
    }

    @JCStressTest
    @Outcome(id = "0.0, 1.0, 2.0", expect = ACCEPTABLE, desc = "the one adds first")
    @Outcome(id = "1.0, 0.0, 2.0", expect = ACCEPTABLE, desc = "the other adds first")
    @Outcome(expect = FORBIDDEN, desc = "an addition was lost, or both saw the same")
    @State
    public static class DoubleElement {
        private final Pair<SharedDoubleArray> array = DOUBLES.take();

        @Actor
        public void one(DDD_Result seen) {
            seen.r1 = array.one().getAndAdd(3, 1);
        }

        @Actor
        public void other(DDD_Result seen) {
            seen.r2 = array.other().getAndAdd(3, 1);
        }

        @Arbiter
        public void after(DDD_Result seen) {
            seen.r3 = array.one().get(3);
        }
    }

    /** Copying a range is not one step, but each element is. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "0, -1", "-1, 0", "-1, -1"},
            expect = ACCEPTABLE,
            desc = "each element before or afterwards")
    @Outcome(expect = FORBIDDEN, desc = "half of an element was seen")
    @State
    public static class CopiedElementsAreWhole {
        private final Pair<SharedLongArray> array = LONGS.take();

        @Actor
        public void one() {
            array.one().set(2, new long[] {-1, -1});
        }

        @Actor
        public void other(JJ_Result seen) {
            long[] seenTwo = new long[2];
            array.other().get(2, seenTwo);
            seen.r1 = seenTwo[0];
            seen.r2 = seenTwo[1];
        }
    }
}
