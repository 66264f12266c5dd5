// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.context;

/**
 * From a pool's seed to that of an item, by way of the call's number in its pool and the item's in its call. Nothing else
 * goes in, so neither the number of workers nor chunks, deaths or retries change what an item draws.
 */
public final class Seeds {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /**
     * The seed of a call.
     *
     * @param call counted from 1 in the pool
     */
    public static long ofCall(long poolSeed, long call) {
        return mix(poolSeed + GOLDEN_RATIO * call);
    }

    /**
     * The seed of an item.
     *
     * @param index counted from 0 in the call
     */
    public static long ofItem(long callSeed, long index) {
        return mix(callSeed + GOLDEN_RATIO * (index + 1));
    }

    /** Every bit of the result depends on every bit of {@code z}: the finisher of Steele, Lea and Flood's SplitMix64. */
    private static long mix(long z) {
        long once = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long twice = (once ^ (once >>> 27)) * 0x94D049BB133111EBL;
        return twice ^ (twice >>> 31);
    }
}
