// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Items for each second, as an exponentially weighted mean over the looks that found something new, and the guess that
 * follows from it. Looks that find nothing do not pull the mean down, or a run of long items would seem to stand still
 * between two of them; a gap that is longer than usual does. Not thread-safe.
 */
final class Rate {
    static final double SMOOTHING = 0.3;
    /** Before so many items, or so long after the first, a guess is worth nothing. */
    static final long GUESS_FROM_ITEMS = 5;

    static final Duration GUESS_AFTER = Duration.ofSeconds(3);

    private static final double NANOS = 1e9;
    /** A guess of years is none. */
    private static final double MOST_SECONDS = Duration.ofDays(365).toSeconds();

    private long lastChange;
    private long lastDone;
    private long firstAt;

    private double items;
    private double seconds;
    /** The weights of all looks together, below 1 at first. */
    private double weight;

    /** @param now nanoseconds, when the run begins */
    Rate(long now) {
        lastChange = now;
    }

    /** A look at the count; may be called as often as one likes. */
    void observe(long now, long done) {
        if (done <= lastDone || now <= lastChange) {
            return;
        }
        if (weight == 0) {
            firstAt = now;
        }
        items += SMOOTHING * (done - lastDone - items);
        seconds += SMOOTHING * ((now - lastChange) / NANOS - seconds);
        weight += SMOOTHING * (1 - weight);
        lastDone = done;
        lastChange = now;
    }

    /** Empty before the first item. */
    OptionalDouble perSecond(long now) {
        if (weight == 0) {
            return OptionalDouble.empty();
        }
        double gap = (now - lastChange) / NANOS;
        return OptionalDouble.of(items / weight / Math.max(seconds / weight, gap));
    }

    /** How long the rest will take, at this pace. Empty while nobody can know. */
    Optional<Duration> left(long now, OptionalLong total) {
        OptionalDouble pace = perSecond(now);
        boolean early = lastDone < GUESS_FROM_ITEMS && now - firstAt < GUESS_AFTER.toNanos();
        if (total.isEmpty() || pace.isEmpty() || early) {
            return Optional.empty();
        }
        double guess = Math.max(0, total.getAsLong() - lastDone) / pace.getAsDouble();
        return guess > MOST_SECONDS ? Optional.empty() : Optional.of(Duration.ofSeconds(Math.round(guess)));
    }
}
