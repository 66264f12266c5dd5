// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.internal.process.MemorySize;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonPlanTest {
    private static final List<Setup> SETUPS = List.of(
            new Setup(Mode.SERIAL, 1),
            new Setup(Mode.THREADS, 1),
            new Setup(Mode.THREADS, 4),
            new Setup(Mode.PROCESSES, 1),
            new Setup(Mode.PROCESSES, 2));

    private static ComparisonPlan plan(long seed) {
        HeapShares heap = new HeapShares(new MemorySize(1L << 30));
        return new ComparisonPlan("job", 10, SETUPS, 5, 1, seed, heap, List.of(), Duration.ofSeconds(1), true);
    }

    @Test
    void everyRoundHasEachSetupOnceInAnOrderThatTheSeedDecides() {
        List<List<Setup>> rounds = plan(42).rounds();
        assertThat(rounds)
                .hasSize(6)
                .allSatisfy(round -> assertThat(round).containsExactlyInAnyOrderElementsOf(SETUPS));
        assertThat(rounds).as("shuffled in each round anew").doesNotHaveDuplicates();
        assertThat(plan(42).rounds()).isEqualTo(rounds);
        assertThat(plan(43).rounds()).isNotEqualTo(rounds);
    }

    @Test
    void faultsAreTriedWhereTheMostWorkersAre() {
        assertThat(plan(1).largest())
                .containsExactly(new Setup(Mode.SERIAL, 1), new Setup(Mode.THREADS, 4), new Setup(Mode.PROCESSES, 2));
    }

    @Test
    void theBreakEvenIsLookedForWithANumberThatBothHave() {
        assertThat(plan(1).sweepWith()).hasValue(new Setup(Mode.PROCESSES, 1));
    }

    @Test
    void theHeapsOfATrialAddUpToNoMoreThanTheTotal() {
        HeapShares shares = new HeapShares(new MemorySize(1L << 30));
        Setup processes = new Setup(Mode.PROCESSES, 3);
        long all = shares.ofTrial(processes).bytes()
                + 3 * shares.ofWorker(processes).bytes();
        assertThat(all).isLessThanOrEqualTo(1L << 30).isGreaterThan((1L << 30) - (4 << 20));
        assertThat(shares.ofTrial(new Setup(Mode.THREADS, 3)).bytes()).isEqualTo(1L << 30);
        assertThatThrownBy(() -> new HeapShares(new MemorySize(128 << 20)).check(processes))
                .hasMessage(
                        "128m is too little for processes/3, which needs 160m at least; give more, or fewer workers");
    }
}
