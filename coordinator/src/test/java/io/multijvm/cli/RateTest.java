// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The clock is a number. */
class RateTest {
    private static final OptionalLong HUNDRED = OptionalLong.of(100);

    private final Rate rate = new Rate(0);

    private static long seconds(double seconds) {
        return (long) (seconds * 1e9);
    }

    @Test
    void beforeTheFirstItemThereIsNoPaceAndNoGuess() {
        rate.observe(seconds(60), 0);
        assertThat(rate.perSecond(seconds(60))).isEmpty();
        assertThat(rate.left(seconds(60), HUNDRED)).isEmpty();
    }

    @Test
    void fewItemsAreNoGroundForAGuessUntilThreeSecondsHavePassed() {
        rate.observe(seconds(1), 1);
        assertThat(rate.left(seconds(1), HUNDRED)).isEmpty();
        assertThat(rate.left(seconds(3.9), HUNDRED)).isEmpty();
        assertThat(rate.left(seconds(4), HUNDRED)).isPresent();
    }

    @Test
    void fiveItemsAreGroundEnough() {
        rate.observe(seconds(1), 4);
        assertThat(rate.left(seconds(1), HUNDRED)).isEmpty();
        rate.observe(seconds(1.25), 5);
        assertThat(rate.left(seconds(1.25), HUNDRED)).isPresent();
    }

    @Test
    void anUnknownTotalHasNoGuess() {
        rate.observe(seconds(1), 50);
        assertThat(rate.left(seconds(9), OptionalLong.empty())).isEmpty();
    }

    @Test
    void aSteadyPaceIsThatPace() {
        for (int i = 1; i <= 20; i++) {
            rate.observe(seconds(i * 0.5), i * 2L);
        }
        assertThat(rate.perSecond(seconds(10)).getAsDouble()).isCloseTo(4, within(1e-9));
        assertThat(rate.left(seconds(10), HUNDRED)).hasValue(Duration.ofSeconds(15));
    }

    @Test
    void aNewPaceCountsThirtyOfAHundredAtEachLook() {
        rate.observe(seconds(1), 10);
        rate.observe(seconds(2), 30);
        // weights 0.3 * 0.7 and 0.3 over 0.51
        assertThat(rate.perSecond(seconds(2)).getAsDouble()).isCloseTo((0.21 * 10 + 0.3 * 20) / 0.51, within(1e-9));
    }

    @Test
    void looksBetweenLongItemsChangeNothing() {
        rate.observe(seconds(10), 1);
        for (int i = 1; i < 100; i++) {
            rate.observe(seconds(10 + i / 10.0), 1);
        }
        assertThat(rate.perSecond(seconds(19.9)).getAsDouble()).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void aRunThatStandsStillGetsSlowerAndItsEndFurtherAway() {
        rate.observe(seconds(1), 10);
        assertThat(rate.left(seconds(1), HUNDRED)).hasValue(Duration.ofSeconds(9));
        assertThat(rate.perSecond(seconds(101)).getAsDouble()).isCloseTo(0.1, within(1e-9));
        assertThat(rate.left(seconds(101), HUNDRED)).hasValue(Duration.ofMinutes(15));
    }

    @Test
    void aGuessOfYearsIsNone() {
        rate.observe(seconds(1), 10);
        assertThat(rate.left(seconds(1), OptionalLong.of(Long.MAX_VALUE))).isEmpty();
    }
}
