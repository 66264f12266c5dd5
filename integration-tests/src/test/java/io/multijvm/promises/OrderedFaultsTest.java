// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.FaultPlan;
import io.multijvm.FaultPlan.Fault;
import io.multijvm.Pool;
import io.multijvm.failure.FailureKind;
import io.multijvm.task.Outcome;
import io.multijvm.testkit.PromiseTest;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Faults that a user orders for tests happen, to that item and no other, and are told as those that nobody ordered. */
@PromiseTest
class OrderedFaultsTest {
    private static final List<Integer> ITEMS = IntStream.range(0, 80).boxed().toList();

    /** What is told of each, at the item whose place is ten times its number, plus 5. */
    private static final Map<Fault, Told> TOLD = new EnumMap<>(Map.of(
            Fault.KILL, new Told(FailureKind.CRASH, "SIGKILL"),
            Fault.HALT, new Told(FailureKind.CRASH, "halt"),
            Fault.EXIT, new Told(FailureKind.CRASH, "System.exit(7)"),
            Fault.CRASH, new Told(FailureKind.CRASH, "SIGSEGV"),
            Fault.STOP, new Told(FailureKind.CRASH, "hung"),
            Fault.FILL_HEAP, new Told(FailureKind.OUT_OF_MEMORY, "ran out of heap"),
            Fault.HANG, new Told(FailureKind.TIMEOUT, "timed out after 10 s")));

    private record Told(FailureKind kind, String words) {}

    private static int place(Fault fault) {
        return List.of(Fault.values()).indexOf(fault) * 10 + 5;
    }

    @Test
    void eachFaultStrikesItsItemAndIsToldForWhatItIs() {
        FaultPlan plan = new FaultPlan();
        for (Fault fault : Fault.values()) {
            plan.at(fault, place(fault));
        }
        try (Pool pool = Pool.processes(o -> o.workers(2).standby(1).heap("64m").faults(plan))) {
            List<Outcome<Integer, Integer>> outcomes = pool
                    .with(o -> o.chunkSize(4).itemTimeout(Duration.ofSeconds(10)))
                    .<Integer, Integer>outcomes(item -> item + 1, ITEMS)
                    .stream()
                    .toList();

            assertThat(outcomes).hasSize(80);
            for (Fault fault : TOLD.keySet()) {
                Told told = TOLD.get(fault);
                assertThat(outcomes.get(place(fault)))
                        .as(fault.toString())
                        .isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                            assertThat(failure.kind()).isEqualTo(told.kind());
                            assertThat(failure.error())
                                    .hasMessageContaining("item " + place(fault))
                                    .hasMessageContaining(told.words());
                        });
            }
            // what a worker finishes after it has lost its stream counts, so that fault cost no item
            assertThat(outcomes.stream().filter(Outcome.Success.class::isInstance))
                    .hasSize(80 - TOLD.size())
                    .allSatisfy(outcome -> assertThat(outcome.orElseThrow()).isEqualTo(outcome.item() + 1));
            assertThat(pool.stats().workersDied()).isGreaterThanOrEqualTo(Fault.values().length - 2L);
        }
    }

    @Test
    void anItemThatIsBegunAgainIsSparedUnlessThePlanSaysEveryAttempt() {
        try (Pool pool = Pool.processes(o -> o.workers(1).standby(1).faults(new FaultPlan().at(Fault.HALT, 3)))) {
            assertThat(pool.with(o -> o.retries(1)).<Integer, Integer>map(item -> item, List.of(0, 1, 2, 3, 4)))
                    .containsExactly(0, 1, 2, 3, 4);
        }
        try (Pool pool = Pool.processes(o ->
                o.workers(1).standby(1).faults(new FaultPlan().at(Fault.HALT, 3).everyAttempt()))) {
            List<Outcome<Integer, Integer>> outcomes =
                    pool
                            .with(o -> o.retries(1))
                            .<Integer, Integer>outcomes(item -> item, List.of(0, 1, 2, 3, 4))
                            .stream()
                            .toList();
            assertThat(outcomes.get(3).attempts()).isEqualTo(2);
            assertThat(outcomes.get(3)).isInstanceOf(Outcome.Failure.class);
        }
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        FaultPlan plan = new FaultPlan();
        assertThatThrownBy(() -> plan.at(Fault.KILL, 1, -1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> plan.atRandom(Fault.KILL, 1.5, 1)).hasMessage("rate must be from 0 to 1, not 1.5");
        assertThatThrownBy(() -> plan.atRandom(Fault.KILL, Double.NaN, 1)).hasMessageContaining("NaN");
        assertThat(plan).hasToString("nothing");
        assertThat(plan.at(Fault.KILL, 3, 4).atRandom(Fault.STOP, 0.5, 1).everyAttempt())
                .hasToString("kill at 3, 4; stop at random, 0.5 of all, at every attempt");
    }
}
