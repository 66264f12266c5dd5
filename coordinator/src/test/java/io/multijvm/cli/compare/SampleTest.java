// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Means, deviations and ratios against figures worked out by hand, and what they allow one to claim. */
class SampleTest {
    @Test
    void theDeviationIsThatOfASample() {
        Sample sample = Sample.of(List.of(2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0));
        assertThat(sample.count()).isEqualTo(8);
        assertThat(sample.mean()).isEqualTo(5);
        assertThat(sample.sd()).isEqualTo(2.13809, within(1e-5)); // the root of 32 / 7, not of 32 / 8
        assertThat(sample.min()).isEqualTo(2);
        assertThat(sample.max()).isEqualTo(9);
        assertThat(sample.variation()).isEqualTo(0.427618, within(1e-6));
    }

    @Test
    void ofNothingThereIsNoMeanAndOfOneFigureNoDeviation() {
        assertThatThrownBy(() -> Sample.of(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThat(Sample.of(List.of(3.0)).sd()).isNaN();
        assertThat(Sample.of(List.of(3.0)).isNoisy()).isFalse();
    }

    @Test
    void aRatiosUncertaintyAddsUpTheSquaresOfBothRelativeDeviations() {
        Ratio ratio = Ratio.of(new Sample(5, 10, 0.3, 9, 11), new Sample(5, 4, 0.16, 3, 5));
        assertThat(ratio.value()).isEqualTo(2.5);
        assertThat(ratio.uncertainty()).isEqualTo(0.125, within(1e-9)); // 2.5 times the root of 0.03² + 0.04²
        assertThat(ratio).hasToString("2.50 ± 0.13");
    }

    @Test
    void aDeviationOfMoreThanATenthOfTheMeanIsNoisy() {
        assertThat(new Sample(5, 10, 1.0, 9, 11).isNoisy()).isFalse();
        assertThat(new Sample(5, 10, 1.01, 9, 11).isNoisy()).isTrue();
    }

    @Test
    void noWinnerIsNamedWhileTheIntervalsOverlap() {
        assertThat(Ratio.isSeen(new Sample(5, 10, 0.5, 9, 11), new Sample(5, 10.9, 0.5, 10, 12)))
                .isFalse();
        assertThat(Ratio.isSeen(new Sample(5, 10, 0.5, 9, 11), new Sample(5, 12, 0.5, 11, 13)))
                .isTrue();
        assertThat(Ratio.isSeen(new Sample(5, 12, 0.5, 11, 13), new Sample(5, 10, 0.5, 9, 11)))
                .isTrue();
    }

    @Test
    void noWinnerIsNamedWhileTheRatioIsWithinItsUncertainty() {
        Sample fast = new Sample(5, 10, 4, 6, 14);
        Sample slow = new Sample(5, 20, 5.9, 14.1, 25.9);
        assertThat(fast.overlaps(slow)).isFalse();
        Ratio ratio = Ratio.of(slow, fast); // 2 ± 2 · root(0.295² + 0.4²) = 2 ± 0.994: seen, but only just
        assertThat(ratio.uncertainty()).isEqualTo(0.994, within(1e-3));
        assertThat(Ratio.isSeen(fast, slow)).isTrue();
        assertThat(Ratio.isSeen(new Sample(5, 10, 4.4, 6, 14), new Sample(5, 20, 5.5, 14.4, 26)))
                .isFalse();
    }

    @Test
    void noWinnerIsNamedAfterOneRunOfEach() {
        assertThat(Ratio.isSeen(Sample.of(List.of(1.0)), Sample.of(List.of(100.0))))
                .isFalse();
    }
}
