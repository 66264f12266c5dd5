// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import io.multijvm.failure.FailureKind;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one call treats its items.
 *
 * @param chunkSize items that cross together; 0 means adaptive
 * @param buffer items that a lazy stream reads ahead; 0 means adaptive
 * @param retries how often an item is begun again after a failure of one of the kinds {@code retryOn}
 * @param retryOn of CRASH, OUT_OF_MEMORY and TIMEOUT
 * @param itemTimeout how long an item may run; null for ever
 * @param ordered whether a lazy stream gives results in input order, else as they come
 */
public record CallSettings(
        int chunkSize,
        int buffer,
        int retries,
        Set<FailureKind> retryOn,
        @Nullable Duration itemTimeout,
        boolean ordered) {
    /** The task had begun and did not end by itself: only then is it a question whether to begin it again. */
    private static final Set<FailureKind> RETRIABLE =
            Set.of(FailureKind.CRASH, FailureKind.OUT_OF_MEMORY, FailureKind.TIMEOUT);

    private static final Set<FailureKind> DEATHS = Set.of(FailureKind.CRASH, FailureKind.OUT_OF_MEMORY);

    public static final CallSettings DEFAULTS = new CallSettings(0, 0, 0, DEATHS, null, true);

    public CallSettings {
        atLeast(0, chunkSize, "chunkSize");
        atLeast(0, buffer, "buffer");
        atLeast(0, retries, "retries");
        retryOn = Set.copyOf(retryOn);
        if (!RETRIABLE.containsAll(retryOn)) {
            throw new IllegalArgumentException(
                    "retryOn takes CRASH, OUT_OF_MEMORY and TIMEOUT, not " + EnumSet.copyOf(retryOn));
        }
        if (itemTimeout != null && (itemTimeout.isZero() || itemTimeout.isNegative())) {
            throw new IllegalArgumentException("itemTimeout must be more than nothing, not " + itemTimeout);
        }
    }

    public CallSettings withChunkSize(int items) {
        return new CallSettings(atLeast(1, items, "chunkSize"), buffer, retries, retryOn, itemTimeout, ordered);
    }

    public CallSettings withBuffer(int items) {
        return new CallSettings(chunkSize, atLeast(1, items, "buffer"), retries, retryOn, itemTimeout, ordered);
    }

    public CallSettings withRetries(int times) {
        return new CallSettings(chunkSize, buffer, times, retryOn, itemTimeout, ordered);
    }

    public CallSettings withRetryOn(Collection<FailureKind> kinds) {
        return new CallSettings(chunkSize, buffer, retries, Set.copyOf(kinds), itemTimeout, ordered);
    }

    public CallSettings withItemTimeout(Duration limit) {
        return new CallSettings(chunkSize, buffer, retries, retryOn, limit, ordered);
    }

    public CallSettings withOrder(boolean kept) {
        return new CallSettings(chunkSize, buffer, retries, retryOn, itemTimeout, kept);
    }

    /** Whether an item that failed so in this attempt, counted from 1, is begun again. */
    public boolean retries(FailureKind kind, int attempt) {
        return retryOn.contains(kind) && attempt <= retries;
    }

    private static int atLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
        }
        return value;
    }
}
