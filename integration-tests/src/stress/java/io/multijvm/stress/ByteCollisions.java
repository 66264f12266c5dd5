// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multijvm.shared.SharedBoolean;
import io.multijvm.shared.SharedByte;
import io.multijvm.shared.SharedByteArray;
import io.multijvm.stress.Mapped.Pair;
import io.multijvm.wire.objects.ObjectKind;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.BBBB_Result;
import org.openjdk.jcstress.infra.results.BBB_Result;
import org.openjdk.jcstress.infra.results.ZZB_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** Bytes, of which four lie in the word that is compared and set, and booleans. */
public final class ByteCollisions {
    private static final Mapped<SharedByte> BYTES = Mapped.of(ObjectKind.BYTE, SharedByte.class);
    private static final Mapped<SharedByteArray> ARRAYS = Mapped.of(ObjectKind.BYTE_ARRAY, SharedByteArray.class);
    private static final Mapped<SharedBoolean> BOOLEANS = Mapped.of(ObjectKind.BOOLEAN, SharedBoolean.class);

    private ByteCollisions() {}

    @JCStressTest
    @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "the one adds first")
    @Outcome(id = "1, 0, 2", expect = ACCEPTABLE, desc = "the other adds first")
    @Outcome(expect = FORBIDDEN, desc = "an addition was lost, or both saw the same")
    @State
    public static class GetAndAdd {
        private final Pair<SharedByte> value = BYTES.take();

        @Actor
        public void one(BBB_Result seen) {
            seen.r1 = value.one().getAndAdd((byte) 1);
        }

        @Actor
        public void other(BBB_Result seen) {
            seen.r2 = value.other().getAndAdd((byte) 1);
        }

        @Arbiter
        public void after(BBB_Result seen) {
            seen.r3 = value.one().get();
        }
    }

    @JCStressTest
    @Outcome(id = "true, false, 5", expect = ACCEPTABLE, desc = "the one found what it expected")
    @Outcome(id = "false, true, 7", expect = ACCEPTABLE, desc = "the other found what it expected")
    @Outcome(expect = FORBIDDEN, desc = "both found it, or neither, or what stays is not of who found it")
    @State
    public static class CompareAndSet {
        private final Pair<SharedByte> value = BYTES.take();

        @Actor
        public void one(ZZB_Result seen) {
            seen.r1 = value.one().compareAndSet((byte) 0, (byte) 5);
        }

        @Actor
        public void other(ZZB_Result seen) {
            seen.r2 = value.other().compareAndSet((byte) 0, (byte) 7);
        }

        @Arbiter
        public void after(ZZB_Result seen) {
            seen.r3 = value.one().get();
        }
    }

    @JCStressTest
    @Outcome(id = "0, 0, 1, 1", expect = ACCEPTABLE, desc = "each added to its own")
    @Outcome(expect = FORBIDDEN, desc = "the one took back what the other did to the byte beside")
    @State
    public static class NeighboursAdd {
        private final Pair<SharedByteArray> bytes = ARRAYS.take();

        @Actor
        public void one(BBBB_Result seen) {
            seen.r1 = bytes.one().getAndAdd(1, (byte) 1);
        }

        @Actor
        public void other(BBBB_Result seen) {
            seen.r2 = bytes.other().getAndAdd(2, (byte) 1);
        }

        @Arbiter
        public void after(BBBB_Result seen) {
            seen.r3 = bytes.one().get(1);
            seen.r4 = bytes.one().get(2);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1, -1", expect = ACCEPTABLE, desc = "each did what it did to its own")
    @Outcome(expect = FORBIDDEN, desc = "comparing and setting a byte by its word took back what was set beside")
    @State
    public static class NeighbourIsSet {
        private final Pair<SharedByteArray> bytes = ARRAYS.take();

        @Actor
        public void one(BBB_Result seen) {
            seen.r1 = bytes.one().getAndAdd(0, (byte) 1);
        }

        @Actor
        public void other() {
            bytes.other().set(3, (byte) -1);
        }

        @Arbiter
        public void after(BBB_Result seen) {
            seen.r2 = bytes.other().get(0);
            seen.r3 = bytes.one().get(3);
        }
    }

    @JCStressTest
    @Outcome(id = "true, true, 12", expect = ACCEPTABLE, desc = "each found what it expected")
    @Outcome(expect = FORBIDDEN, desc = "it failed for what happened to the byte beside, or changed that")
    @State
    public static class NeighbourIsNoReason {
        private final Pair<SharedByteArray> bytes = ARRAYS.take();

        @Actor
        public void one(ZZB_Result seen) {
            seen.r1 = bytes.one().compareAndSet(4, (byte) 0, (byte) 5);
        }

        @Actor
        public void other(ZZB_Result seen) {
            seen.r2 = bytes.other().compareAndSet(5, (byte) 0, (byte) 7);
        }

        @Arbiter
        public void after(ZZB_Result seen) {
            seen.r3 = (byte) (bytes.other().get(4) + bytes.one().get(5));
        }
    }

    @JCStressTest
    @Outcome(id = "true, false, true", expect = ACCEPTABLE, desc = "the one raised it")
    @Outcome(id = "false, true, true", expect = ACCEPTABLE, desc = "the other raised it")
    @Outcome(expect = FORBIDDEN, desc = "both raised it, or neither")
    @State
    public static class OneRaisesTheFlag {
        private final Pair<SharedBoolean> value = BOOLEANS.take();

        @Actor
        public void one(ZZZ_Result seen) {
            seen.r1 = value.one().compareAndSet(false, true);
        }

        @Actor
        public void other(ZZZ_Result seen) {
            seen.r2 = value.other().compareAndSet(false, true);
        }

        @Arbiter
        public void after(ZZZ_Result seen) {
            seen.r3 = value.other().get();
        }
    }
}
