// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multijvm.shared.SharedBoolean;
import io.multijvm.shared.SharedByte;
import io.multijvm.shared.SharedInt;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedLongArray;
import io.multijvm.stress.Mapped.Pair;
import io.multijvm.wire.objects.ObjectKind;
import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.BB_Result;
import org.openjdk.jcstress.infra.results.BJ_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.IJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.ZJ_Result;

/** What one process wrote before it set a value is seen by another that reads that value: as with volatile variables. */
public final class Visibility {
    private static final Mapped<SharedLong> LONGS = Mapped.of(ObjectKind.LONG, SharedLong.class);
    private static final Mapped<SharedInt> INTS = Mapped.of(ObjectKind.INT, SharedInt.class);
    private static final Mapped<SharedByte> BYTES = Mapped.of(ObjectKind.BYTE, SharedByte.class);
    private static final Mapped<SharedBoolean> BOOLEANS = Mapped.of(ObjectKind.BOOLEAN, SharedBoolean.class);
    private static final Mapped<SharedLongArray> ARRAYS = Mapped.of(ObjectKind.LONG_ARRAY, SharedLongArray.class);
    private static final Mapped<ByteBuffer> MEMORIES = Mapped.plain();

    private Visibility() {}

    @JCStressTest
    @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "neither is there yet")
    @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "the data is there, and not yet the flag")
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "both are there")
    @Outcome(expect = FORBIDDEN, desc = "the flag was seen, and not what was written before it")
    @State
    public static class LongBehindBoolean {
        private final Pair<SharedLong> data = LONGS.take();
        private final Pair<SharedBoolean> flag = BOOLEANS.take();

        @Actor
        public void one() {
            data.one().set(1);
            flag.one().set(true);
        }

        @Actor
        public void other(ZJ_Result seen) {
            seen.r1 = flag.other().get();
            seen.r2 = data.other().get();
        }
    }

    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "neither is there yet")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the data is there, and not yet the flag")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both are there")
    @Outcome(expect = FORBIDDEN, desc = "the flag was seen, and not what was written before it")
    @State
    public static class LongBehindByte {
        private final Pair<SharedLong> data = LONGS.take();
        private final Pair<SharedByte> flag = BYTES.take();

        @Actor
        public void one() {
            data.one().set(1);
            flag.one().set((byte) 1);
        }

        @Actor
        public void other(BJ_Result seen) {
            seen.r1 = flag.other().get();
            seen.r2 = data.other().get();
        }
    }

    /** What lies in raw memory has no order of its own. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "neither is there yet")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the data is there, and not yet the flag")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both are there")
    @Outcome(expect = FORBIDDEN, desc = "the flag was seen, and not what was written before it")
    @State
    public static class PlainMemoryBehindByte {
        private final Pair<ByteBuffer> memory = MEMORIES.take();
        private final Pair<SharedByte> flag = BYTES.take();

        @Actor
        public void one() {
            memory.one().putLong(0, 1);
            flag.one().set((byte) 1);
        }

        @Actor
        public void other(BJ_Result seen) {
            seen.r1 = flag.other().get();
            seen.r2 = memory.other().getLong(0);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "neither is there yet")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the data is there, and not yet the flag")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both are there")
    @Outcome(expect = FORBIDDEN, desc = "the flag was seen, and not what was written before it")
    @State
    public static class PlainMemoryBehindInt {
        private final Pair<ByteBuffer> memory = MEMORIES.take();
        private final Pair<SharedInt> flag = INTS.take();

        @Actor
        public void one() {
            memory.one().putLong(0, 1);
            flag.one().getAndAdd(1);
        }

        @Actor
        public void other(IJ_Result seen) {
            seen.r1 = flag.other().get();
            seen.r2 = memory.other().getLong(0);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "neither is there yet")
    @Outcome(
            id = {"0, 1", "0, 2"},
            expect = ACCEPTABLE,
            desc = "the data is there, and not yet the flag")
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "both are there")
    @Outcome(expect = FORBIDDEN, desc = "the flag was seen, and not what was written before it")
    @State
    public static class CopiedRangeBehindLong {
        private final Pair<SharedLongArray> array = ARRAYS.take();
        private final Pair<SharedLong> flag = LONGS.take();

        @Actor
        public void one() {
            array.one().set(4, new long[] {1, 1});
            flag.one().set(1);
        }

        @Actor
        public void other(JJ_Result seen) {
            seen.r1 = flag.other().get();
            long[] copy = new long[2];
            array.other().get(4, copy);
            seen.r2 = copy[0] + copy[1];
        }
    }

    /** Each says that it comes, and then looks for the other, as in a lock by Dekker. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the one came first")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the other came first")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "they came at the same time")
    @Outcome(expect = FORBIDDEN, desc = "neither saw the other: a store was passed by the load behind it")
    @State
    public static class LongsNoticeEachOther {
        private final Pair<SharedLong> left = LONGS.take();
        private final Pair<SharedLong> right = LONGS.take();

        @Actor
        public void one(JJ_Result seen) {
            left.one().set(1);
            seen.r1 = right.one().get();
        }

        @Actor
        public void other(JJ_Result seen) {
            right.other().set(1);
            seen.r2 = left.other().get();
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the one came first")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the other came first")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "they came at the same time")
    @Outcome(expect = FORBIDDEN, desc = "neither saw the other: a store was passed by the load behind it")
    @State
    public static class IntsNoticeEachOther {
        private final Pair<SharedInt> left = INTS.take();
        private final Pair<SharedInt> right = INTS.take();

        @Actor
        public void one(II_Result seen) {
            left.one().set(1);
            seen.r1 = right.one().get();
        }

        @Actor
        public void other(II_Result seen) {
            right.other().set(1);
            seen.r2 = left.other().get();
        }
    }

    /** As above; bytes are made so by fences. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the one came first")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the other came first")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "they came at the same time")
    @Outcome(expect = FORBIDDEN, desc = "neither saw the other: a store was passed by the load behind it")
    @State
    public static class BytesNoticeEachOther {
        private final Pair<SharedByte> left = BYTES.take();
        private final Pair<SharedByte> right = BYTES.take();

        @Actor
        public void one(BB_Result seen) {
            left.one().set((byte) 1);
            seen.r1 = right.one().get();
        }

        @Actor
        public void other(BB_Result seen) {
            right.other().set((byte) 1);
            seen.r2 = left.other().get();
        }
    }
}
