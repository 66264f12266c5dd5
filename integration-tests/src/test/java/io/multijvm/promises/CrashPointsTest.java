// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Pool;
import io.multijvm.failure.FailureKind;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableCallable;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.SharedPoolTest;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Wherever on an item's way something throws or ends the process: that item has the right failure, the other nine have
 * their results, and the pool goes on. The points are those of loky's test of its executor, and some more; the oddities are
 * those that were seen to hang or break Python's pools (an init that throws is in {@link InitAndExitTest}).
 */
@SharedPoolTest
class CrashPointsTest {
    private Pool pool = unopened();

    /** Where. */
    enum Point {
        ARGUMENT_WRITE,
        ARGUMENT_READ,
        RUN,
        RESULT_WRITE,
        RESULT_READ,
        NOWHERE
    }

    /** What happens there. */
    enum Trouble {
        THROW,
        OVERFLOW,
        HALT,
        EXIT,
        KILL,
        SEGMENTATION_FAULT;

        void happen() {
            switch (this) {
                case THROW -> throw new IllegalStateException("trouble");
                case OVERFLOW -> overflow(1);
                default -> {
                    try {
                        Faults.die(Faults.Death.valueOf(name()));
                    } catch (ReflectiveOperationException | IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        }

        private static int overflow(int depth) {
            return depth < 0 ? 0 : overflow(depth + 1) + 1;
        }
    }

    /** Makes trouble at one point of its way, once. */
    private static final class Traveller implements Serializable {
        private static final long serialVersionUID = 1;
        private final int number;
        private final Point point;
        private final Trouble trouble;
        /** An argument becomes a result on its way. */
        private final boolean result;

        Traveller(int number, Point point, Trouble trouble, boolean result) {
            this.number = number;
            this.point = point;
            this.trouble = trouble;
            this.result = result;
        }

        private void pass(Point now) {
            if (point == now) {
                trouble.happen();
            }
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            pass(result ? Point.RESULT_WRITE : Point.ARGUMENT_WRITE);
            out.defaultWriteObject();
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            pass(result ? Point.RESULT_READ : Point.ARGUMENT_READ);
        }

        Traveller run() {
            pass(Point.RUN);
            return new Traveller(number, point, trouble, true);
        }
    }

    @SuppressWarnings("NullAway") // set before the first test
    private static Pool unopened() {
        return null;
    }

    @BeforeAll
    void open() {
        pool = Pool.processes(o -> o.workers(2).standby(1));
    }

    @AfterAll
    void close() {
        pool.close();
    }

    @ParameterizedTest(name = "{1} at {0}: {2}")
    @CsvSource({
        "ARGUMENT_WRITE, THROW, PAYLOAD",
        "ARGUMENT_WRITE, OVERFLOW, PAYLOAD",
        "ARGUMENT_READ, THROW, PAYLOAD",
        "ARGUMENT_READ, OVERFLOW, PAYLOAD",
        "ARGUMENT_READ, HALT, CRASH",
        "ARGUMENT_READ, EXIT, CRASH",
        "ARGUMENT_READ, KILL, CRASH",
        "RUN, THROW, TASK",
        "RUN, OVERFLOW, TASK",
        "RUN, HALT, CRASH",
        "RUN, EXIT, CRASH",
        "RUN, KILL, CRASH",
        "RUN, SEGMENTATION_FAULT, CRASH",
        "RESULT_WRITE, THROW, PAYLOAD",
        "RESULT_WRITE, OVERFLOW, PAYLOAD",
        "RESULT_WRITE, HALT, CRASH",
        "RESULT_WRITE, EXIT, CRASH",
        "RESULT_WRITE, KILL, CRASH",
        "RESULT_READ, THROW, PAYLOAD",
        "RESULT_READ, OVERFLOW, PAYLOAD"
    })
    void oneItemFailsRightlyAndNineHaveTheirResults(Point point, Trouble trouble, FailureKind kind) {
        List<Traveller> ten = new ArrayList<>();
        for (int number = 0; number < 10; number++) {
            ten.add(new Traveller(number, number == 3 ? point : Point.NOWHERE, trouble, false));
        }

        List<Outcome<Traveller, Traveller>> outcomes =
                pool.with(o -> o.chunkSize(5)).<Traveller, Traveller>outcomes(Traveller::run, ten).stream()
                        .toList();

        assertThat(outcomes).hasSize(10);
        for (int number = 0; number < 10; number++) {
            if (number != 3) {
                assertThat(outcomes.get(number).orElseThrow().number).isEqualTo(number);
            }
        }
        assertThat(outcomes.get(3)).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.error()).hasMessageContaining("item 3");
        });
        assertThat(pool.<Integer>apply(() -> 42)).isEqualTo(42);
    }

    /** What hangs or breaks one pool of Python or another when it happens to one item of ten. */
    enum Oddity {
        EXCEPTION_THAT_CANNOT_BE_REBUILT(FailureKind.TASK, "first and second"),
        EXCEPTION_THAT_CANNOT_CROSS(FailureKind.TASK, "with a thread"),
        LAMBDA_AS_RESULT(FailureKind.PAYLOAD, "lambda"),
        SERIALISABLE_LAMBDA_AS_RESULT(FailureKind.PAYLOAD, "lambda, which may not come back"),
        THREAD_AS_RESULT(FailureKind.PAYLOAD, "java.lang.Thread"),
        LATE(FailureKind.TIMEOUT, "timed out after 5 s");

        private final FailureKind kind;
        private final String words;

        Oddity(FailureKind kind, String words) {
            this.kind = kind;
            this.words = words;
        }
    }

    private static final class NeedsTwo extends RuntimeException {
        private static final long serialVersionUID = 1;

        NeedsTwo(String one, String other) {
            super(one + " and " + other);
        }
    }

    private static final class WithThread extends RuntimeException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings({"unused", "serial"}) // it is there so that the exception cannot cross
        private final Thread thread = Thread.currentThread();

        WithThread() {
            super("with a thread");
        }
    }

    private static Object oddAtThree(Oddity oddity, int item) throws InterruptedException {
        if (item != 3) {
            return item;
        }
        switch (oddity) {
            case EXCEPTION_THAT_CANNOT_BE_REBUILT -> throw new NeedsTwo("first", "second");
            case EXCEPTION_THAT_CANNOT_CROSS -> throw new WithThread();
            case LAMBDA_AS_RESULT -> {
                Supplier<Integer> lambda = () -> item;
                return lambda;
            }
            case SERIALISABLE_LAMBDA_AS_RESULT -> {
                SerializableCallable<Integer> lambda = () -> item;
                return lambda;
            }
            case THREAD_AS_RESULT -> {
                return Thread.currentThread();
            }
            case LATE -> Thread.sleep(80_000);
        }
        return oddity + " did not happen";
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(120)
    void whatHangsOrBreaksOtherPoolsCostsOneItemItsResult(Oddity oddity) {
        long begin = System.nanoTime();
        // the limit is longer than a new worker needs for its first item on a busy machine
        List<Outcome<Integer, Object>> outcomes = pool
                .with(o -> o.chunkSize(5).itemTimeout(Duration.ofSeconds(oddity == Oddity.LATE ? 5 : 60)))
                .<Integer, Object>outcomes(
                        item -> oddAtThree(oddity, item),
                        IntStream.range(0, 10).boxed().toList())
                .stream()
                .toList();
        double seconds = (System.nanoTime() - begin) / 1e9;

        for (int item = 0; item < 10; item++) {
            if (item != 3) {
                assertThat(outcomes.get(item).orElseThrow()).isEqualTo(item);
            }
        }
        assertThat(outcomes.get(3)).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(oddity.kind);
            assertThat(failure.error()).hasMessageContaining("item 3");
            assertThat(failure.error().toString() + failure.error().getCause()).contains(oddity.words);
        });
        assertThat(pool.<Integer>apply(() -> 42)).isEqualTo(42);
        System.out.printf("%-33s 9 results and one failure (%s), %.1f s%n", oddity, oddity.kind, seconds);
    }
}
