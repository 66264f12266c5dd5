// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import java.util.TreeMap;

/** Failures of one list's items whose others go on: the first of them in input order, and how many there are. Confined. */
public final class FailureTally {
    /** Kept besides the first; a run of a million failures must not hold them all. */
    private static final int MOST_SUPPRESSED = 100;

    private final TreeMap<Long, Throwable> first = new TreeMap<>();
    private long count;

    /** The item with this index failed so; each item once, in any order. */
    public void add(long index, Throwable failure) {
        count++;
        first.put(index, failure);
        if (first.size() > MOST_SUPPRESSED + 1) {
            first.pollLastEntry();
        }
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** The first failure in input order, with the others in it; there must be one. Called once. */
    public Throwable thrown() {
        Throwable thrown = first.pollFirstEntry().getValue();
        for (Throwable other : first.values()) {
            if (other != thrown) {
                thrown.addSuppressed(other);
            }
        }
        long uncounted = count - 1 - first.size();
        if (uncounted > 0) {
            thrown.addSuppressed(new RuntimeException(uncounted + " items more failed, behind these in the input"));
        }
        return thrown;
    }
}
