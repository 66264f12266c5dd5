// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.testkit.CollectionHistory;
import io.multijvm.testkit.CollectionWork;
import io.multijvm.testkit.Kills;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.testkit.Seats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that change maps, lists and sets, by small values and by large ones, are killed by SIGKILL at any moment: what had
 * returned was done exactly once, what was cut once or not at all, and the others go on. More kills: {@code -Dmultijvm.rounds}.
 */
@PromiseTest
class KilledCollectionUsersTest {
    /** How many are killed. */
    private static final int ROUNDS = Math.max(3, Integer.getInteger("multijvm.rounds", 3));

    private static final List<Integer> ALL = List.of(0, 1, 2);
    /** Of each process and round; each kind of operation comes up. */
    private static final int TURNS = 16;

    private final Kills kills = new Kills();

    @Test
    void whatHasReturnedWasDoneOnceAndWhatADeathHasCutOnceOrNotAtAll(@TempDir Path directory) throws Exception {
        List<Long> waits = new ArrayList<>();
        CollectionHistory history = new CollectionHistory();
        List<String> wrong;
        try (Manager manager = Manager.start();
                Pool pool = Kills.pool(ALL.size())) {
            CollectionWork work = CollectionWork.with(manager);
            try (Seats seats = new Seats(pool, directory, ALL.size(), work)) {
                for (int round = 0; round < ROUNDS; round++) {
                    seats.orders().round(round);
                    Kills.awaitTurns(seats, ALL, TURNS);
                    waits.add(kills.killOne(seats, ALL));
                    work.takeFirsts(round - 1, history);
                    work.takeListed(history);
                }
                Kills.awaitTurns(seats, ALL, TURNS);
                seats.stop(() -> {});
                work.takeFirsts(ROUNDS - 1, history);
                work.takeListed(history);
                work.noteMembers(history);
                wrong = history.wrong(seats.turns(), work.counters(), work.values());
            }
        }
        assertThat(wrong).isEmpty();
        System.out.printf(
                "maps, lists and sets: %d deaths; %d operations returned, each done once; %d were cut, %d of them done; the"
                        + " others went on %s%n",
                ROUNDS, history.returned(), history.cut(), history.doneOfCut(), Kills.figures(waits));
        Kills.checkWaits(waits);
    }
}
