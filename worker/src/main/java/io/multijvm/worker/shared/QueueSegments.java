// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.mapped.QueueSegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The segments of a queue that this process has mapped. Thread-safe. */
final class QueueSegments {
    private static final int MANY = 32;

    private final Map<Integer, QueueSegment> mapped = new ConcurrentHashMap<>();
    /** Nearly every look is for this. */
    private volatile @Nullable QueueSegment last;

    private volatile int many = MANY;

    /** One that others made, or that was not needed for long, is not mapped here yet: map it, and try again. */
    static final class NotMapped extends Exception {
        private static final long serialVersionUID = 1;
        private final int segment;

        NotMapped(int segment) {
            super("segment " + segment, null, false, false);
            this.segment = segment;
        }

        int segment() {
            return segment;
        }
    }

    QueueSegment get(int number) throws NotMapped {
        QueueSegment known = last;
        if (known != null && known.number() == number) {
            return known;
        }
        known = mapped.get(number);
        if (known == null) {
            throw new NotMapped(number);
        }
        last = known;
        return known;
    }

    boolean has(int number) {
        return mapped.containsKey(number);
    }

    void add(QueueSegment segment) {
        mapped.put(segment.number(), segment);
    }

    /** Whether so many are mapped that some may be no more. */
    boolean isTimeToForget() {
        return mapped.size() > many;
    }

    /** Those are no more; unmapped by the collector, when nobody can touch them. */
    void forget(IntPredicate freed) {
        last = null;
        mapped.keySet().removeIf(freed::test);
        many = Math.max(MANY, 2 * mapped.size());
    }

    void clear() {
        last = null;
        mapped.clear();
    }
}
