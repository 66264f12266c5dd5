// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Pool;
import io.multijvm.failure.CrashReport;
import io.multijvm.task.Outcome;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.PromiseTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An item that kills every worker that begins it. */
@PromiseTest
class PoisonItemTest {
    private static final int WORKERS = 2;
    private static final int LIMIT = 2;
    private static final int POISON = 37;

    @TempDir
    Path directory;

    private static int take(String file, int item) throws Exception {
        Faults.count(Path.of(file), item);
        if (item == POISON) {
            Faults.die(Faults.Death.SEGMENTATION_FAULT);
        }
        return item;
    }

    @Test
    void itCostsAsManyWorkersAsTheLimitSaysAndNoOtherItemAndIsKept() throws IOException {
        String file = directory.resolve("runs").toString();
        Path letters = directory.resolve("letters");
        List<Outcome<Integer, Integer>> outcomes;
        long started;
        try (Pool pool = Pool.processes(o -> o.workers(WORKERS).heap("64m").deadLetters(letters))) {
            outcomes = pool
                    .with(o -> o.retries(9).crashLimit(LIMIT).chunkSize(10))
                    .<Integer, Integer>outcomes(
                            item -> take(file, item),
                            IntStream.range(0, 100).boxed().toList())
                    .stream()
                    .toList();
            started = pool.stats().workersStarted();
        }

        assertThat(Faults.counts(Path.of(file)))
                .hasSize(100)
                .allSatisfy((item, times) ->
                        assertThat(times).as("runs of item " + item).isEqualTo(item == POISON ? LIMIT : 1));
        assertThat(outcomes)
                .filteredOn(outcome -> outcome instanceof Outcome.Success)
                .hasSize(99);
        assertThat(started).isLessThanOrEqualTo(WORKERS + LIMIT);
        Outcome.Failure<?, ?> failure = (Outcome.Failure<?, ?>) outcomes.get(POISON);
        CrashReport report = failure.error().report().orElseThrow();
        assertThat(report.verdict())
                .startsWith("same frame as attempt 1: looks tied to this item, not to chance; quarantined")
                .endsWith("multijvm replay " + letters.resolve("item-37"));
        assertThat(failure.error()).hasMessageContaining("verdict: same frame as attempt 1");
        try (Stream<Path> kept = Files.list(letters.resolve("item-37"))) {
            assertThat(kept)
                    .extracting(path -> path.getFileName().toString())
                    .contains("letter.json", "task", "item", "reports.txt", "hs_err-1.log", "hs_err-2.log");
        }
        System.out.printf(
                "poison item: quarantined after %d deaths, 99 others run once, %d workers started for a pool of %d%n",
                LIMIT, started, WORKERS);
    }
}
