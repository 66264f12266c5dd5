// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The same bound as {@link HashingBudget} for a stream of Java serialisation, where the JDK's tables read and hash their keys
 * themselves and nobody gets between. What can be seen are the objects that are complete, one after the other, and that an
 * earlier object is referred to once more, but not which and by whom. So it is assumed that it was the heaviest one and that
 * it became a key. A tree, however large, is never refused for that: only where what is shared would be larger than the
 * stream if it were taken apart does a second mention count, and only in a stream that holds a table at all.
 *
 * <p>For one decoding.
 */
final class JavaHashing {
    /** Of what holds itself, or holds something that is not complete, so that nobody can tell yet. */
    private static final long ENDLESS = Long.MAX_VALUE / 4;

    /** Less than where keys are weighed one by one, for until it is used up the tables do hash. */
    private static final long LEAST_STEPS = 1L << 22;

    /** What is no heavier does not count: as many second mentions as bytes cost no more than their product. */
    private static final long LIGHT = 1024;

    /** How a set or map without a place for one more is written. */
    private static final String IMMUTABLE_TABLES = "java.util.CollSer";

    private final HashingBudget budget = new HashingBudget(LEAST_STEPS);
    private final IdentityHashMap<Object, Long> weights = new IdentityHashMap<>();
    private final long light;
    private long heaviest;
    private boolean tables;

    JavaHashing(int bytes) {
        light = LIGHT + bytes;
        budget.begin(bytes);
    }

    /** A class is in the stream, and objects of it may follow. */
    void met(Class<?> type) {
        tables |= Map.class.isAssignableFrom(type)
                || Set.class.isAssignableFrom(type)
                || type.getName().equals(IMMUTABLE_TABLES);
    }

    /**
     * An object is mentioned again.
     *
     * @throws ExcessiveHashingException if its hash may take too long
     */
    void mentionedAgain() {
        if (tables) {
            budget.take(heaviest);
        }
    }

    /**
     * An object is complete, and about to become a part of another.
     *
     * @throws ExcessiveHashingException if its hash may take too long
     */
    void complete(@Nullable Object value) {
        if (value == null || !HashedParts.has(value)) {
            return;
        }
        long[] sum = {1};
        HashedParts.forEach(value, part -> sum[0] = Math.min(ENDLESS, sum[0] + weightOf(part)));
        weights.put(value, sum[0]);
        if (sum[0] > light) {
            heaviest = Math.max(heaviest, sum[0]);
        }
        if (tables) {
            budget.take(sum[0]);
        }
    }

    private long weightOf(@Nullable Object part) {
        if (part == null || !HashedParts.has(part)) {
            return 1;
        }
        Long known = weights.get(part);
        return known == null ? ENDLESS : known;
    }
}
