// SPDX-License-Identifier: Apache-2.0
package examples.growth;

import java.util.List;
import java.util.OptionalLong;

/** From which size of the input on a pool was faster than a loop. */
public final class Crossover {
    private Crossover() {}

    /**
     * The same work measured twice.
     *
     * @param size items
     * @param serialNanos in a loop
     * @param poolNanos in a pool
     */
    public record Timing(long size, long serialNanos, long poolNanos) {
        public Timing {
            if (size <= 0 || serialNanos < 0 || poolNanos < 0) {
                throw new IllegalArgumentException("no such timing: " + size + ", " + serialNanos + ", " + poolNanos);
            }
        }

        boolean poolWins() {
            return poolNanos < serialNanos;
        }
    }

    /**
     * The least size from which on the pool won always; a lucky win that a larger input takes back does not count. Empty
     * if the loop won at the largest size.
     *
     * @param timings in the order of their sizes
     */
    public static OptionalLong of(List<Timing> timings) {
        OptionalLong since = OptionalLong.empty();
        for (Timing timing : timings) {
            if (!timing.poolWins()) {
                since = OptionalLong.empty();
            } else if (since.isEmpty()) {
                since = OptionalLong.of(timing.size());
            }
        }
        return since;
    }
}
