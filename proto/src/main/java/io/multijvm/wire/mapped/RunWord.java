// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

/** The word that tells what is finished of an open run; see {@link Layout}. */
final class RunWord {
    static final long NONE = 0;
    /** The checksum of no unit at all. */
    static final long FIRST_SUM = 0x4d756c74694a564dL;

    private static final long FACTOR = 0x9E3779B97F4A7C15L;
    private static final int SUM_BITS = 20;
    private static final long SEQUENCE_BITS = 0xfff;

    private RunWord() {}

    /** The checksum with one more unit. Reversible, so two sums that differ go on differing, in the bits that count as a rule. */
    static long sum(long before, int unit) {
        return Long.rotateLeft((before ^ (unit & 0xffff_ffffL)) * FACTOR, 29);
    }

    static long of(long sequence, int count, int units, long sum) {
        return ((sequence & SEQUENCE_BITS) << 52) | (shown(sum) << 32) | ((long) units << 16) | count;
    }

    /** Whether it is of the run with that sequence, and anything of that is finished. */
    static boolean isOf(long word, long sequence) {
        return word != NONE && word >>> 52 == (sequence & SEQUENCE_BITS);
    }

    static int count(long word) {
        return (int) word & 0xffff;
    }

    static int bytes(long word) {
        return ((int) (word >>> 16) & 0xffff) * Layout.UNIT;
    }

    static boolean matches(long word, long sum) {
        return ((word >>> 32) & ((1 << SUM_BITS) - 1)) == shown(sum);
    }

    private static long shown(long sum) {
        return sum >>> (64 - SUM_BITS);
    }
}
