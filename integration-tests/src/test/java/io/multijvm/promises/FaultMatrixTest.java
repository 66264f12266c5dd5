// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Pool;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.MultijvmException;
import io.multijvm.task.Outcome;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.SharedPoolTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever goes wrong at item 7 of 20: that item fails, told for what it was; the other nineteen have their results, none of
 * them run twice; the pool answers; and all of it is told soon. One row for each way; what {@link SharedPoolTest} adds is that
 * after all of them no process, thread, file or socket is left.
 */
@SharedPoolTest
class FaultMatrixTest {
    private static final int BAD = 7;
    /** Longer than a new worker needs for its first item on a busy machine. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Duration LONG = Duration.ofSeconds(60);
    /** How many times as long as expected a row may take on a machine that does other things as well. */
    private static final int PATIENCE = 20;

    private Pool pool = unopened();

    /** A fault, and what is told of it. */
    enum Row {
        EXIT(FailureKind.CRASH, DeathKind.EXIT, 300 % 256, 0, "called System.exit(44)", 3),
        HALT(FailureKind.CRASH, DeathKind.HALT, 9, 0, "halted with exit code 9", 3),
        SEGMENTATION_FAULT(FailureKind.CRASH, DeathKind.NATIVE_CRASH, -1, 11, "SIGSEGV", 3),
        KILLED(FailureKind.CRASH, DeathKind.KILLED, -1, 9, "SIGKILL", 3),
        TERMINATED(FailureKind.CRASH, DeathKind.KILLED, -1, 15, "SIGTERM", 3),
        STOPPED(FailureKind.CRASH, DeathKind.HUNG, -1, 9, "hung", 4),
        FULL_HEAP(FailureKind.OUT_OF_MEMORY, DeathKind.OUT_OF_HEAP, 3, 0, "ran out of heap", 3),
        DIRECT_BUFFERS(FailureKind.OUT_OF_MEMORY, DeathKind.OUT_OF_DIRECT_MEMORY, 3, 0, "direct buffers", 3),
        TOO_LARGE_AN_ARRAY(FailureKind.OUT_OF_MEMORY, DeathKind.ARRAY_TOO_LARGE, 3, 0, "too large an array", 3),
        THROWN(FailureKind.TASK, null, -1, 0, "no such luck", 3),
        FULL_STACK(FailureKind.TASK, null, -1, 0, "StackOverflowError", 3),
        CANNOT_BE_REBUILT(FailureKind.TASK, null, -1, 0, "two of them", 3),
        CANNOT_CROSS(FailureKind.PAYLOAD, null, -1, 0, "item 7", 3),
        NEVER_ENDS(FailureKind.TIMEOUT, null, -1, 0, "timed out after 5 s", 6),
        DEADLOCK(FailureKind.TIMEOUT, null, -1, 0, "deadlock", 6);

        private final FailureKind kind;
        private final @Nullable DeathKind death;
        private final int exitCode;
        private final int signal;
        private final String words;
        /** Within which all twenty are usually told. */
        private final int seconds;

        Row(FailureKind kind, @Nullable DeathKind death, int exitCode, int signal, String words, int seconds) {
            this.kind = kind;
            this.death = death;
            this.exitCode = exitCode;
            this.signal = signal;
            this.words = words;
            this.seconds = seconds;
        }
    }

    private static final class NeedsTwo extends RuntimeException {
        private static final long serialVersionUID = 1;

        NeedsTwo(String one, String other) {
            super(one + other);
        }
    }

    @BeforeAll
    void open() {
        pool = Pool.processes(o -> o.workers(2).standby(1).heap("64m").directMemory("32m"));
    }

    @AfterAll
    void close() {
        pool.close();
    }

    @SuppressWarnings("NullAway") // set before the first test
    private static Pool unopened() {
        return null;
    }

    private static Object run(Row row, int item) throws Exception {
        return item == BAD ? goWrong(row) : item * item;
    }

    private static Object goWrong(Row row) throws Exception {
        switch (row) {
            case EXIT -> Faults.die(Faults.Death.EXIT);
            case HALT -> Faults.die(Faults.Death.HALT);
            case SEGMENTATION_FAULT -> Faults.die(Faults.Death.SEGMENTATION_FAULT);
            case KILLED -> signal("KILL");
            case TERMINATED -> signal("TERM");
            case STOPPED -> signal("STOP");
            case FULL_HEAP -> {
                Object[] chain = {};
                while (true) {
                    chain = new Object[] {chain, new byte[1 << 20]};
                }
            }
            case DIRECT_BUFFERS -> {
                Object[] chain = {};
                while (true) {
                    chain = new Object[] {chain, ByteBuffer.allocateDirect(8 << 20)};
                }
            }
            case TOO_LARGE_AN_ARRAY -> {
                return new long[Integer.MAX_VALUE];
            }
            case THROWN -> throw new IllegalStateException("no such luck");
            case FULL_STACK -> {
                return overflow(1);
            }
            case CANNOT_BE_REBUILT -> throw new NeedsTwo("two of ", "them");
            case CANNOT_CROSS -> {
                return new Thread("cannot cross");
            }
            case NEVER_ENDS -> {
                while (true) {
                    Thread.onSpinWait();
                }
            }
            case DEADLOCK -> deadlock();
        }
        return row + " did not happen";
    }

    private static void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder(
                        "kill",
                        "-" + name,
                        Long.toString(ProcessHandle.current().pid()))
                .start()
                .waitFor();
        new CountDownLatch(1).await();
    }

    private static int overflow(int depth) {
        return depth < 0 ? 0 : overflow(depth + 1) + 1;
    }

    private static void deadlock() throws InterruptedException {
        Object left = new Object();
        Object right = new Object();
        CountDownLatch bothHold = new CountDownLatch(2);
        Thread other = new Thread(() -> holdBoth(right, left, bothHold), "the other one");
        other.setDaemon(true);
        other.start();
        holdBoth(left, right, bothHold);
    }

    private static void holdBoth(Object first, Object second, CountDownLatch bothHold) {
        synchronized (first) {
            bothHold.countDown();
            try {
                bothHold.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            synchronized (second) {
                second.notifyAll();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneItemFailsForWhatItWasAndNineteenHaveTheirResults(Row row) {
        long begin = System.nanoTime();
        List<Outcome<Integer, Object>> outcomes = pool
                .with(o -> o.chunkSize(5).itemTimeout(row.kind == FailureKind.TIMEOUT ? LIMIT : LONG))
                .<Integer, Object>outcomes(
                        item -> run(row, item), IntStream.range(0, 20).boxed().toList())
                .stream()
                .toList();
        double seconds = (System.nanoTime() - begin) / 1e9;

        for (int item = 0; item < 20; item++) {
            if (item != BAD) {
                assertThat(outcomes.get(item).orElseThrow()).isEqualTo(item * item);
                assertThat(outcomes.get(item).attempts())
                        .as("attempts of item " + item)
                        .isEqualTo(1);
            }
        }
        assertThat(outcomes.get(BAD)).isInstanceOf(Outcome.Failure.class);
        MultijvmException error = ((Outcome.Failure<Integer, Object>) outcomes.get(BAD)).error();
        System.out.printf(
                "%-20s %-14s %-22s %4.1f of %d s  %s%n",
                row, error.kind(), row.death, seconds, PATIENCE * row.seconds, firstLine(error));
        assertThat(seconds).as("seconds until all were told").isLessThan(PATIENCE * row.seconds);
        assertThat(error.kind()).isEqualTo(row.kind);
        assertThat(error).hasMessageContaining("item " + BAD);
        assertThat(error.getMessage() + error.getCause()).contains(row.words);
        assertThat(error.report().map(CrashReport::kind).orElse(null)).isEqualTo(row.death);
        error.report().ifPresent(report -> {
            assertThat(report.exitCode()).isEqualTo(optional(row.exitCode, -1));
            assertThat(report.signal()).isEqualTo(optional(row.signal, 0));
            assertThat(report.index()).hasValue(BAD);
            assertThat(report.pid()).isPositive();
            assertThat(report.nextStep()).isNotEmpty();
        });
        assertThat(pool.<Integer>apply(() -> 42)).as("the pool afterwards").isEqualTo(42);
    }

    private static OptionalInt optional(int value, int none) {
        return value == none ? OptionalInt.empty() : OptionalInt.of(value);
    }

    private static String firstLine(MultijvmException error) {
        return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
    }
}
