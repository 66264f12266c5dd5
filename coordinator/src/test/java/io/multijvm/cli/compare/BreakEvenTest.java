// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BreakEvenTest {
    private static SweepMeasures.Point point(double micros, double threads, double processes) {
        return new SweepMeasures.Point(
                micros, 100, List.of(threads * 0.9, threads * 1.1), List.of(processes * 0.9, processes * 1.1));
    }

    private static BreakEven of(SweepMeasures.Point... points) {
        return new BreakEven(2, new SweepMeasures(List.of(points)));
    }

    @Test
    void isTheShortestLengthFromWhichOnAllAreWithinATenth() {
        BreakEven found =
                of(point(1, 1, 9), point(16, 1, 1.05), point(64, 1, 1.2), point(256, 1, 1.1), point(1024, 1, 1));
        assertThat(found.itemMicros()).hasValue(256.0); // 16 was a lucky one, for 64 is slower again
        assertThat(found.sentence())
                .startsWith("break-even: from items of 256 µs on, processes are within 10 % of threads (2 workers")
                .contains("9.00 times the time of threads at 1 µs, 1.00 times the time of threads at 1.0 ms");
    }

    @Test
    void oneRepetitionThatWasHeldUpDoesNotMoveIt() {
        SweepMeasures.Point heldUp = new SweepMeasures.Point(64, 100, List.of(1.0, 1.0, 1.0), List.of(1.0, 9.0, 1.1));
        assertThat(of(heldUp).itemMicros()).hasValue(64.0);
    }

    @Test
    void isNoneWhereTheLongestItemsAreStillSlower() {
        BreakEven none = of(point(1, 1, 9), point(4096, 1, 1.2));
        assertThat(none.itemMicros()).isEmpty();
        assertThat(none.sentence()).startsWith("break-even: none up to items of 4.1 ms");
    }
}
