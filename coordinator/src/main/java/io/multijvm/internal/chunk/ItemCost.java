// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.chunk;

/** What an item of one call costs, as its first items and all later ones have shown. Confined to one thread. */
public final class ItemCost {
    /** Weight of the newest item; the mean then follows a change within some thirty items. */
    private static final double NEWEST = 0.05;

    private long seen;
    private double nanos;
    private double bytes;

    /** One item was run. */
    public void observe(long elapsedNanos, long resultBytes) {
        observe(elapsedNanos, resultBytes, 1);
    }

    /** So many items were run, which together took that. */
    public void observe(long elapsedNanos, long resultBytes, int items) {
        seen += items;
        // a plain mean at first, so that a slow first item (class loading) does not weigh for long
        double newest = items == 1 ? NEWEST : 1 - Math.pow(1 - NEWEST, items);
        double weight = Math.max(newest, (double) items / seen);
        nanos += weight * ((double) elapsedNanos / items - nanos);
        bytes += weight * ((double) resultBytes / items - bytes);
    }

    public boolean known() {
        return seen > 0;
    }

    public long seen() {
        return seen;
    }

    /** Mean time of an item in the worker. */
    public double nanos() {
        return nanos;
    }

    /** Mean size of an encoded result. */
    public double resultBytes() {
        return bytes;
    }
}
