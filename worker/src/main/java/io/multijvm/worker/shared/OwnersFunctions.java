// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.codec.Lambdas;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which functions the owner of one collection knows from this process already. Only what has no state: what a function captured
 * may have changed since it crossed. Thread-safe.
 */
final class OwnersFunctions {
    /** For once: the owner keeps nothing. */
    static final long NAMELESS = 0;

    private final AtomicLong last = new AtomicLong();
    private final Map<Class<?>, Long> numbers = new ConcurrentHashMap<>();
    /** Those that the owner has answered a call of. */
    private final Map<Long, Boolean> known = new ConcurrentHashMap<>();

    /** The number of a function; {@link #NAMELESS} if it has to cross each time. */
    long number(Object function) {
        Long number = numbers.get(function.getClass());
        if (number != null) {
            return number;
        }
        long made = Lambdas.captureNothing(function) ? last.incrementAndGet() : NAMELESS;
        Long before = numbers.putIfAbsent(function.getClass(), made);
        return before == null ? made : before;
    }

    boolean isKnown(long number) {
        return known.containsKey(number);
    }

    /** The owner has done a call of it. */
    void nowKnown(long number) {
        if (number != NAMELESS) {
            known.put(number, true);
        }
    }
}
