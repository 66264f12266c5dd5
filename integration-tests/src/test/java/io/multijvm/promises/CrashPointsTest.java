// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Pool;
import io.multijvm.failure.FailureKind;
import io.multijvm.task.Outcome;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.SharedPoolTest;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Wherever on an item's way something throws or ends the process: that item has the right failure, the other nine have
 * their results, and the pool goes on. The points are those of loky's test of its executor, and some more.
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
}
