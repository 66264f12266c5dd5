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
        seen++;
        // a plain mean at first, so that a slow first item (class loading) does not weigh for long
        double weight = Math.max(NEWEST, 1.0 / seen);
        nanos += weight * (elapsedNanos - nanos);
        bytes += weight * (resultBytes - bytes);
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
