// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Calls;
import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.failure.FailureKind;
import io.multijvm.task.Args;
import io.multijvm.task.Outcome;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.PromiseTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Items and results of one type cross without a word between them, and all that is promised of others is kept. */
@PromiseTest
class PackedChunksTest {
    private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

    private Pool pool;

    @TempDir
    Path directory;

    @BeforeEach
    void open() {
        pool = Pool.processes(2);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void ofAHundredPackedItemsInChunksOfTenTheOneThatEndsItsJvmFailsAlone() {
        for (Faults.Death how : Faults.Death.values()) {
            theItemThatDiesFailsAlone(how);
        }
    }

    private void theItemThatDiesFailsAlone(Faults.Death how) {
        List<Outcome<Integer, Integer>> outcomes = pool
                .with(o -> o.chunkSize(10))
                .<Integer, Integer>outcomes(
                        item -> {
                            if (item == 37) {
                                Faults.die(how);
                            }
                            return item + 1;
                        },
                        HUNDRED)
                .stream()
                .toList();

        int results = 0;
        for (Outcome<Integer, Integer> outcome : outcomes) {
            if (outcome instanceof Outcome.Success<Integer, Integer> success) {
                assertThat(success.value()).isEqualTo(success.item() + 1);
                results++;
            }
        }
        System.out.println(how + ": " + results + " results of 100 packed items, one of which died");
        assertThat(results).isEqualTo(99);
        assertThat(outcomes.get(37)).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.CRASH);
            assertThat(failure.error()).hasMessageContaining("item 37");
        });
    }

    @Test
    void resultsDoNotWaitForTheItemBehindThemInTheirChunk() throws IOException {
        Path goOn = directory.resolve("go-on");
        String file = goOn.toString();
        try (ResultStream<Integer> results = pool.with(o -> o.chunkSize(10))
                .imap(
                        (Integer item) -> {
                            while (item == 5 && !Files.exists(Path.of(file))) {
                                LockSupport.parkNanos(1_000_000);
                            }
                            return -item;
                        },
                        HUNDRED.subList(0, 10))) {
            for (int i = 0; i < 5; i++) {
                assertThat(results.next(Duration.ofSeconds(60)))
                        .as("result %d", i)
                        .hasValue(-i);
            }
            assertThat(results.next(Duration.ofMillis(50))).isEmpty();
            Files.createFile(goOn);
            for (int i = 5; i < 10; i++) {
                assertThat(results.next(Duration.ofSeconds(60)))
                        .as("result %d", i)
                        .hasValue(-i);
            }
        }
    }

    @Test
    void amongQuickPackedItemsTheLateOneAloneIsLate() {
        List<Integer> items = IntStream.range(0, 20_000).boxed().toList();
        // so that the time is not over while a worker begins its first item
        assertThat(pool.broadcast(() -> 1)).hasSize(2);
        List<Outcome<Integer, Integer>> outcomes = pool
                .with(o -> o.itemTimeout(Duration.ofSeconds(2)).chunkSize(5000))
                .<Integer, Integer>outcomes(
                        item -> {
                            if (item == 7777) {
                                while (!Thread.interrupted()) {
                                    LockSupport.parkNanos(1_000_000);
                                }
                                throw new InterruptedException("late");
                            }
                            return item;
                        },
                        items)
                .stream()
                .toList();
        for (Outcome<Integer, Integer> outcome : outcomes) {
            if (outcome.index() == 7777) {
                assertThat(((Outcome.Failure<?, ?>) outcome).kind()).isEqualTo(FailureKind.TIMEOUT);
            } else {
                assertThat(outcome.orElseThrow()).isEqualTo((int) outcome.index());
            }
        }
        assertThat(outcomes).hasSize(items.size());
    }

    @Test
    @SuppressWarnings("NullAway") // it does not see that items and results may be null
    void whateverTheMixtureAndTheChunksTheResultsAreThoseOfALoop() {
        Random random = new Random(11);
        List<@Nullable Object> items = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            // rows of one type for a while, then another, and single strangers among them
            items.add(random.nextInt(50) == 0 ? null : item(i, i / 200 % 5));
        }
        List<@Nullable String> expected =
                items.stream().map(PackedChunksTest::told).toList();
        for (int chunk : new int[] {0, 1, 7, 1000}) {
            Calls cut = chunk == 0 ? pool : pool.with(o -> o.chunkSize(chunk));
            assertThat(cut.<@Nullable Object, @Nullable String>map(PackedChunksTest::told, items))
                    .as("chunks of %d", chunk)
                    .isEqualTo(expected);
        }
        List<@Nullable Object> same = pool.<@Nullable Object, @Nullable Object>map(PackedChunksTest::itself, items);
        assertThat(same.stream().map(PackedChunksTest::told)).isEqualTo(expected);
    }

    private static Object item(int i, int kind) {
        return switch (kind) {
            case 0 -> i;
            case 1 -> "s" + i + (i % 3 == 0 ? "\u2713" : "");
            case 2 -> new int[] {i, -i};
            case 3 -> Args.of(new double[] {i, -0.0}, i, "x" + i);
            default -> i % 2 == 0 ? (Object) (double) i : (Object) (long) i;
        };
    }

    private static @Nullable Object itself(@Nullable Object item) {
        return item;
    }

    private static @Nullable String told(@Nullable Object item) {
        return item instanceof Args.Three<?, ?, ?> three
                ? Arrays.deepToString(new Object[] {three.first(), three.second(), three.third()})
                : item == null ? null : item.getClass().getSimpleName() + Arrays.deepToString(new Object[] {item});
    }
}
