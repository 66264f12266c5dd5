// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.multijvm.Attempt;
import io.multijvm.Output;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.ItemOutput;
import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.task.Outcome;
import io.multijvm.task.TaskContext;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.SharedPoolTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an item wrote is told apart from what others wrote, before and beside it, whatever becomes of it. */
@SharedPoolTest
class ItemOutputTest {
    private static final int WORKERS = 4;
    private static final long CAP_BYTES = 4L << 20;

    private Pool pool = unopened();

    @SuppressWarnings("NullAway") // set before the first test
    private static Pool unopened() {
        return null;
    }

    @BeforeAll
    void open() {
        pool = Pool.processes(o -> o.workers(WORKERS).startupTimeout(Duration.ofMinutes(2)));
    }

    @AfterAll
    void close() {
        pool.close();
    }

    private static ItemOutput print(int item, int lines) {
        List<String> out = new ArrayList<>();
        List<String> err = new ArrayList<>();
        for (int line = 0; line < lines; line++) {
            out.add("item " + item + " line " + line + " of " + lines);
            System.out.println(out.get(line));
            if (line % 3 == 0) {
                err.add("item " + item + " complains of line " + line);
                System.err.println(err.get(err.size() - 1));
            }
        }
        return new ItemOutput(out, err);
    }

    private static ItemOutput printed(int item, int lines) {
        return new ItemOutput(
                IntStream.range(0, lines)
                        .mapToObj(line -> "item " + item + " line " + line + " of " + lines)
                        .toList(),
                IntStream.range(0, lines)
                        .filter(line -> line % 3 == 0)
                        .mapToObj(line -> "item " + item + " complains of line " + line)
                        .toList());
    }

    private static int printAndMaybeDie(int item) throws Exception {
        print(item, item % 8);
        switch (item % 50) {
            case 17 -> Faults.die(Faults.Death.KILL);
            case 33 -> Faults.die(Faults.Death.HALT);
            case 41 -> throw new IOException("of item " + item);
            default -> {}
        }
        return item;
    }

    @Test
    void fourWorkersPrintAtOnceAndEachFutureHasExactlyItsOwnLinesAlsoAfterADeath() {
        int items = 100;
        List<TaskFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < items; i++) {
            int item = i;
            futures.add(pool.submit(() -> printAndMaybeDie(item)));
        }
        int deaths = 0;
        for (int i = 0; i < items; i++) {
            TaskFuture<Integer> future = futures.get(i);
            Optional<MultijvmException> error = failure(future);
            assertThat(error.map(MultijvmException::kind)).as("item " + i).isEqualTo(expected(i));
            deaths += expected(i).equals(Optional.of(FailureKind.CRASH)) ? 1 : 0;
            List<Attempt> attempts = future.attempts();
            assertThat(attempts).hasSize(1);
            assertThat(attempts.get(0).output()).as("output of item " + i).isEqualTo(printed(i, i % 8));
            if (error.isPresent()) {
                assertThat(error.get().output())
                        .as("at the failure of item " + i)
                        .isEqualTo(printed(i, i % 8));
            }
        }
        System.out.println(items + " items on " + WORKERS + " workers, " + deaths
                + " killed or halted: each attempt has exactly its own lines");
    }

    private static Optional<FailureKind> expected(int item) {
        return switch (item % 50) {
            case 17, 33 -> Optional.of(FailureKind.CRASH);
            case 41 -> Optional.of(FailureKind.TASK);
            default -> Optional.empty();
        };
    }

    /** Why it failed, if it did. */
    private static Optional<MultijvmException> failure(TaskFuture<?> future) {
        try {
            future.join();
            return Optional.empty();
        } catch (CompletionException e) {
            return Optional.of((MultijvmException) Objects.requireNonNull(e.getCause()));
        }
    }

    @Test
    void quickItemsOfAChunkThatPrintAreToldApartAsWell() {
        List<Outcome<Integer, Integer>> outcomes = pool
                .with(o -> o.chunkSize(1000))
                .<Integer, Integer>outcomes(
                        item -> {
                            if (item % 10 == 0) {
                                System.out.println("tenth " + item);
                            }
                            if (item % 1000 == 550) {
                                throw new IllegalStateException("five");
                            }
                            return item;
                        },
                        IntStream.range(0, 4000).boxed().toList())
                .stream()
                .toList();
        assertThat(outcomes).hasSize(4000);
        for (int item = 550; item < 4000; item += 1000) {
            ItemOutput output = ((Outcome.Failure<Integer, Integer>) outcomes.get(item))
                    .error()
                    .output();
            assertThat(output).isEqualTo(new ItemOutput(List.of("tenth " + item), List.of()));
        }
        assertThat(outcomes.stream().filter(outcome -> outcome instanceof Outcome.Success))
                .hasSize(3996);
    }

    @Test
    void theLastLinesInACrashReportAreThoseOfTheItemThatDied() {
        for (int i = 0; i < 3 * WORKERS; i++) {
            int item = i;
            pool.apply(() -> print(item, 5).stdout().size());
        }
        WorkerCrashedException crash = catchThrowableOfType(
                WorkerCrashedException.class,
                () -> pool.apply(() -> {
                    System.out.println("the last thing");
                    System.err.println("it could say");
                    Faults.die(Faults.Death.SEGMENTATION_FAULT);
                    return 0;
                }));
        assertThat(crash.report().orElseThrow().lastOutput()).containsExactly("the last thing", "it could say");
        assertThat(crash.output()).isEqualTo(new ItemOutput(List.of("the last thing"), List.of("it could say")));
        assertThat(crash).hasMessageContaining("| the last thing").hasMessageNotContaining("complains");
    }

    @Test
    void whatAChildProcessOfTheTaskWritesIsTheItems() throws InterruptedException, ExecutionException {
        TaskFuture<Integer> future = pool.submit(() -> {
            System.out.println("before");
            return new ProcessBuilder("/bin/sh", "-c", "echo from the child; echo its complaint >&2")
                    .inheritIO()
                    .start()
                    .waitFor();
        });
        assertThat(future.get()).isZero();
        assertThat(future.attempts().get(0).output())
                .isEqualTo(new ItemOutput(List.of("before", "from the child"), List.of("its complaint")));
    }

    @Test
    void anItemThatRanTooLongTellsWhatItWroteAndSoDoesEachOfItsAttempts() {
        // so that the time is not over before it has written anything
        assertThat(pool.broadcast(() -> 1)).hasSize(WORKERS);
        TaskFuture<Integer> future = pool.with(
                        o -> o.itemTimeout(Duration.ofSeconds(2)).retries(1).retryOn(FailureKind.TIMEOUT))
                .submit(() -> {
                    System.out.println("attempt " + TaskContext.current().attempt() + " waits");
                    Thread.sleep(60_000);
                    return 0;
                });
        MultijvmException late = failure(future).orElseThrow();
        assertThat(late.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(late.output().stdout()).containsExactly("attempt 2 waits");
        assertThat(future.attempts())
                .extracting(attempt -> attempt.output().stdout())
                .containsExactly(List.of("attempt 1 waits"), List.of("attempt 2 waits"));
    }

    @Test
    void ofALongOutputTheLastLinesAreToldAndHowMuchIsMissing() {
        TaskFuture<Integer> returned = pool.submit(() -> print(1, 1000).stdout().size());
        TaskFailedException failed = catchThrowableOfType(
                TaskFailedException.class,
                () -> pool.apply(() -> {
                    print(2, 1000);
                    throw new IllegalStateException("after a thousand lines");
                }));
        assertThat(returned.join()).isEqualTo(1000);

        List<String> few = returned.attempts().get(0).output().stdout();
        assertThat(few).hasSize(51).last().isEqualTo("item 1 line 999 of 1000");
        assertThat(few.get(0)).matches("\\[multijvm: \\d+ bytes of earlier output dropped]");
        List<String> more = failed.output().stdout();
        assertThat(more).hasSize(201).last().isEqualTo("item 2 line 999 of 1000");
        assertThat(more.get(1)).isEqualTo("item 2 line 800 of 1000");
    }

    private static int flood(int item, int megabytes) {
        byte[] line = ("flood of item " + item + " " + "x".repeat(1000) + "\n").getBytes(StandardCharsets.US_ASCII);
        System.out.println("item " + item + " begins");
        for (long left = (long) megabytes << 20; left > 0; left -= line.length) {
            System.out.write(line, 0, line.length);
        }
        System.out.println("item " + item + " ends");
        return item;
    }

    @Test
    void aFloodStaysBoundedAndItsTailIsRightAndSoIsWhatComesAfterIt() throws IOException {
        Path run = Path.of(pool.apply(() -> runDirectory().toString()));
        List<TaskFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 2 * WORKERS; i++) {
            int item = i;
            futures.add(pool.submit(() -> flood(item, item == 1 ? 200 : 1)));
        }
        TaskFuture<Integer> after = pool.submit(() -> print(77, 4).stdout().size());
        long most = 0;
        while (!futures.get(1).isDone()) {
            most = Math.max(most, largestCapture(run));
            LockSupport.parkNanos(1_000_000);
        }
        for (int i = 0; i < futures.size(); i++) {
            assertThat(futures.get(i).join()).isEqualTo(i);
            List<String> tail = futures.get(i).attempts().get(0).output().stdout();
            assertThat(tail.get(0)).startsWith("[multijvm: ").endsWith(" bytes of earlier output dropped]");
            assertThat(tail).last().isEqualTo("item " + i + " ends");
            assertThat(tail.subList(1, tail.size() - 1)).isNotEmpty();
            for (String line : tail.subList(1, tail.size() - 1)) {
                assertThat(line).startsWith("flood of item " + i + " xxx");
            }
        }
        assertThat(after.join()).isEqualTo(4);
        assertThat(after.attempts().get(0).output()).isEqualTo(printed(77, 4));
        await().atMost(Duration.ofSeconds(60)).until(() -> largestCapture(run) < 2 * CAP_BYTES);
        // four times the cap, and more only where the machine is too busy for us to cut at all
        assertThat(most).isLessThan(64L << 20);
        System.out.println("200 MiB printed by one item: the largest file had " + (most >> 10) + " KiB");
    }

    /** The files of this JVM's workers lie in its run directory. */
    private static long largestCapture(Path run) throws IOException {
        long most = 0;
        try (DirectoryStream<Path> workers = Files.newDirectoryStream(run, "w*")) {
            for (Path worker : workers) {
                Path file = worker.resolve("stdout.log");
                try {
                    most = Math.max(most, Files.size(file));
                } catch (NoSuchFileException e) {
                    // of one that died in an earlier test, or that has not written anything
                }
            }
        }
        return most;
    }

    private static Path runDirectory() throws IOException {
        // as a worker's stdout shows it
        return Path.of("/proc/self/fd/1").toRealPath().resolve("../..").normalize();
    }

    @Test
    void whereNothingIsCapturedTheOutputIsEmpty() {
        try (Pool silent = Pool.processes(
                o -> o.workers(1).startupTimeout(Duration.ofMinutes(2)).output(Output.DISCARD))) {
            TaskFuture<Integer> future =
                    silent.submit(() -> print(3, 3).stdout().size());
            assertThat(future.join()).isEqualTo(3);
            assertThat(future.attempts().get(0).output()).isEqualTo(ItemOutput.EMPTY);
            WorkerCrashedException crash =
                    catchThrowableOfType(WorkerCrashedException.class, () -> silent.apply(() -> printAndMaybeDie(33)));
            assertThat(crash.output().isEmpty()).isTrue();
            assertThat(crash.report().orElseThrow().lastOutput()).isEmpty();
        }
    }
}
