// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressBarTest {
    private static final Look SIGNS = new Look(true, true, false);
    private static final Progress HALFWAY =
            progress(6214, OptionalLong.of(10_000), Optional.of(Duration.ofSeconds(44)));

    private final ProgressBar bar = new ProgressBar(SIGNS);

    private static Progress progress(long done, OptionalLong total, Optional<Duration> left) {
        Duration elapsed = Duration.ofSeconds(72);
        return new Progress(done, total, 3, 2, 4, elapsed, OptionalDouble.of(86.3), left, Optional.empty());
    }

    private static Progress at(Duration elapsed, Optional<Progress.Drain> drain) {
        return new Progress(0, OptionalLong.of(10), 0, 0, 4, elapsed, OptionalDouble.empty(), Optional.empty(), drain);
    }

    @Test
    void aWideTerminalShowsEverything() {
        assertThat(bar.line(HALFWAY, 200))
                .isEqualTo(" 62% |████████████████████████▊               | 6214/10000 [01:12<00:44, 86.3/s] 4 workers"
                        + " ✗ 3 failed ↻ 2 again");
    }

    @Test
    void eightyColumnsHaveAShorterBar() {
        assertThat(bar.line(HALFWAY, 80))
                .isEqualTo(" 62% |████▉   | 6214/10000 [01:12<00:44, 86.3/s] 4 workers ✗ 3 failed ↻ 2 again")
                .satisfies(line -> assertThat(Columns.of(line)).isEqualTo(79));
    }

    @Test
    void aNarrowTerminalDoesWithoutTheBarFirstThenTheRateThenTheRest() {
        assertThat(bar.line(HALFWAY, 77))
                .isEqualTo(" 62% |███  | 6214/10000 [01:12<00:44, 86.3/s] 4 workers ✗ 3 failed ↻ 2 again");
        assertThat(bar.line(HALFWAY, 76))
                .isEqualTo(" 62% 6214/10000 [01:12<00:44, 86.3/s] 4 workers ✗ 3 failed ↻ 2 again");
        assertThat(bar.line(HALFWAY, 66)).isEqualTo(" 62% 6214/10000 [01:12<00:44] 4 workers ✗ 3 failed ↻ 2 again");
        assertThat(bar.line(HALFWAY, 60)).isEqualTo(" 62% 6214/10000 [01:12<00:44] ✗ 3 failed ↻ 2 again");
        assertThat(bar.line(HALFWAY, 50)).isEqualTo(" 62% 6214/10000 [01:12<00:44] ✗ 3 failed");
        assertThat(bar.line(HALFWAY, 40)).isEqualTo(" 62% 6214/10000 eta 00:44 ✗ 3 failed");
        assertThat(bar.line(HALFWAY, 30)).isEqualTo(" 62% 6214/10000 ✗ 3 failed");
        assertThat(bar.line(HALFWAY, 20)).isEqualTo(" 62% 6214/10000");
        assertThat(bar.line(HALFWAY, 10)).isEqualTo(" 62%");
        assertThat(bar.line(HALFWAY, 4)).isEqualTo(" 62");
    }

    @Test
    void noLineReachesTheLastColumnHoweverWideTheTerminal() {
        Progress unknown = progress(1_234_567, OptionalLong.empty(), Optional.empty());
        Progress starting = at(Duration.ofMillis(400), Optional.empty());
        Progress waiting = at(Duration.ofSeconds(400), Optional.empty());
        Progress draining = at(Duration.ofSeconds(9), Optional.of(new Progress.Drain(12, "Ctrl-C again to stop now")));
        for (int columns = 1; columns <= 200; columns++) {
            for (Look look : new Look[] {SIGNS, new Look(true, false, false)}) {
                for (Progress each : new Progress[] {HALFWAY, unknown, starting, waiting, draining}) {
                    String line = new ProgressBar(look).line(each, columns);
                    assertThat(Columns.of(line))
                            .as("'%s' in %d columns", line, columns)
                            .isLessThan(columns);
                }
            }
        }
    }

    @Test
    void anUnknownTotalHasCountTimeAndRateButNoEnd() {
        assertThat(bar.line(progress(6214, OptionalLong.empty(), Optional.empty()), 80))
                .isEqualTo("6214 items [01:12, 86.3/s] 4 workers ✗ 3 failed ↻ 2 again");
        assertThat(bar.line(progress(6214, OptionalLong.empty(), Optional.empty()), 30))
                .isEqualTo("6214 items [01:12] ✗ 3 failed");
    }

    @Test
    void anEndThatNobodyKnowsIsAQuestionMark() {
        assertThat(bar.line(progress(6214, OptionalLong.of(10_000), Optional.empty()), 45))
                .isEqualTo(" 62% 6214/10000 [01:12<?] ✗ 3 failed");
    }

    @Test
    void beforeTheFirstItemTheWorkersStartAndLaterNothingIsPretended() {
        assertThat(bar.line(at(Duration.ofMillis(400), Optional.empty()), 80)).isEqualTo("starting 4 workers, 0.4 s");
        assertThat(bar.line(at(Duration.ofSeconds(61), Optional.empty()), 80))
                .isEqualTo("no item done yet by 4 workers, 61.0 s");
    }

    @Test
    void whileTheRunStopsTheBarSaysWhatItWaitsFor() {
        Progress draining = at(Duration.ofSeconds(9), Optional.of(new Progress.Drain(12, "Ctrl-C again to stop now")));
        assertThat(bar.line(draining, 80)).isEqualTo("stopping: waiting for 12, 0 done [00:09]");
        assertThat(bar.line(draining, 30)).isEqualTo("stopping: waiting for 12");
        assertThat(bar.line(draining, 20)).isEqualTo("stopping: 12");
    }

    @Test
    void withoutUnicodeTheSameIsSaidInAscii() {
        String line = new ProgressBar(new Look(true, false, false)).line(HALFWAY, 90);
        assertThat(line)
                .isEqualTo(" 62% |###########-------| 6214/10000 [01:12<00:44, 86.3/s] 4 workers x 3 failed r 2 again")
                .matches("\\p{ASCII}+");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 80, 40, 20})
    void coloursChangeNothingButTheColours(int columns) {
        String painted = new ProgressBar(new Look(true, true, true)).line(HALFWAY, columns);
        assertThat(painted.replaceAll("\u001B\\[[0-9]+m", "")).isEqualTo(bar.line(HALFWAY, columns));
        assertThat(painted.contains("\u001B[31m")).isEqualTo(columns > 20);
    }

    @Test
    void aBarIsFullOnlyWhenAllIsDone() {
        assertThat(progress(99_999, OptionalLong.of(100_000), Optional.empty()).percent())
                .hasValue(99);
        assertThat(progress(Long.MAX_VALUE - 1, OptionalLong.of(Long.MAX_VALUE), Optional.empty())
                        .percent())
                .hasValue(99);
        assertThat(SIGNS.bar(0.999, 10)).isEqualTo("█████████▉");
        assertThat(SIGNS.bar(1, 10)).isEqualTo("██████████");
        assertThat(new Look(true, false, false).bar(0.999, 10)).isEqualTo("#########-");
    }

    @Test
    void hoursAndSlowItemsAreReadable() {
        assertThat(ProgressBar.time(Duration.ofSeconds(3 * 3600 + 65))).isEqualTo("3:01:05");
        assertThat(ProgressBar.time(Duration.ofHours(100))).isEqualTo("100:00:00");
        assertThat(ProgressBar.pace(0.05)).isEqualTo("3.0/min");
        assertThat(ProgressBar.pace(1234.56)).isEqualTo("1234.6/s");
    }
}
