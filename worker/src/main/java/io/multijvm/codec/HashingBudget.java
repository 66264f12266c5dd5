// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How much hashing one decoding may do. A set that holds two sets, each of which holds the same two, and so on, takes some
 * bytes a level, and twice the time for each level when it becomes a key: of a hundred levels no hash is ever done. So
 * whoever puts a key into a table while decoding first asks how many objects its {@code hashCode} would come by, and gives up
 * when that is more than is left. What an honest value needs is some steps for each of its bytes.
 *
 * <p>Belongs to the session that decodes, and so to one thread at a time.
 */
final class HashingBudget {
    /** A second or so of hashing. */
    static final long LEAST_STEPS = 1L << 25;

    /** Keys in keys, in keys: each level hashes what lies below it once more. */
    private static final long STEPS_A_BYTE = 64;

    /** Of what holds itself. */
    private static final long ENDLESS = Long.MAX_VALUE / 4;

    /** So many objects are counted one by one; of more than that those that were met before are not walked again. */
    private static final int FEW = 1000;

    private final long least;
    private long left;
    private int walked;

    /** @param least steps, for the smallest value */
    HashingBudget(long least) {
        this.least = least;
    }

    /** For a value of so many bytes. */
    void begin(int bytes) {
        left = least + STEPS_A_BYTE * bytes;
    }

    /**
     * To be called before the key is hashed.
     *
     * @throws ExcessiveHashingException if that would take more steps than are left
     */
    void charge(@Nullable Object key) {
        if (key instanceof String || key instanceof Number) { // nearly every key
            take(1);
            return;
        }
        walked = 0;
        walk(key);
        take(walked <= FEW ? walked : weigh(key, new IdentityHashMap<>()));
    }

    void take(long steps) {
        left -= steps;
        if (left < 0) {
            throw new ExcessiveHashingException();
        }
    }

    private void walk(@Nullable Object value) {
        walked++;
        if (walked <= FEW && value != null && HashedParts.has(value)) {
            HashedParts.forEach(value, this::walk);
        }
    }

    /** Nothing changes what was weighed while one key is. */
    private static long weigh(@Nullable Object value, IdentityHashMap<Object, Long> weights) {
        if (value == null || !HashedParts.has(value)) {
            return 1;
        }
        Long known = weights.putIfAbsent(value, ENDLESS);
        if (known != null) {
            return known;
        }
        long[] sum = {1};
        HashedParts.forEach(value, part -> sum[0] = Math.min(ENDLESS, sum[0] + weigh(part, weights)));
        weights.put(value, sum[0]);
        return sum[0];
    }
}
