// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.testkit.Kills;
import io.multijvm.testkit.OwnWork;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.testkit.Seats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that call an object of a class of one's own, with few bytes and with many, are killed by SIGKILL at any moment: what had
 * returned was done exactly once, what was cut whole and once or not at all, and the others go on. More kills:
 * {@code -Dmultijvm.rounds}.
 */
@PromiseTest
class KilledOwnClassUsersTest {
    /** How many are killed. */
    private static final int ROUNDS = Math.max(3, Integer.getInteger("multijvm.rounds", 3));

    private static final List<Integer> ALL = List.of(0, 1, 2);
    /** Of each process and round; large calls and small ones come up. */
    private static final int TURNS = 8;

    private final Kills kills = new Kills();

    @Test
    void whatHasReturnedWasDoneOnceAndWhatADeathHasCutWholeOrNotAtAll(@TempDir Path directory) throws Exception {
        List<Long> waits = new ArrayList<>();
        OwnWork.Book book = new OwnWork.Book();
        OwnWork.History history;
        try (Manager manager = Manager.start();
                Pool pool = Kills.pool(ALL.size());
                Seats seats = new Seats(pool, directory, ALL.size(), OwnWork.with(manager, book))) {
            for (int round = 0; round < ROUNDS; round++) {
                Kills.awaitTurns(seats, ALL, TURNS);
                waits.add(kills.killOne(seats, ALL));
            }
            Kills.awaitTurns(seats, ALL, TURNS);
            seats.stop(() -> {});
            history = new OwnWork.History(book, seats.turns());
        }
        assertThat(history.wrong()).isEmpty();
        System.out.printf(
                "own classes: %d deaths; %d calls returned, each done once; %d were cut, %d of them done; the others went"
                        + " on %s%n",
                ROUNDS, history.returned(), history.cut(), history.doneOfCut(), Kills.figures(waits));
        Kills.checkWaits(waits);
    }
}
