// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a worker does whose only purpose is to have loaded and linked the classes that workers need, so that they can be
 * written into an archive: values of many kinds in both directions, small, large and many; a task that throws; and an end.
 */
public final class TrainingTasks {
    private static final int MANY = 3_000;
    private static final int LARGE_BYTES = 2 << 20;

    private TrainingTasks() {}

    /** A record of no other use, for records have a serialiser of their own. */
    private record Row(String name, int count, List<Double> values) {}

    /** Gives back what it gets. */
    public static SerializableFunction<Object, Object> values() {
        return value -> value;
    }

    /** Throws, with a cause, so that the worker learns how to tell of it. */
    public static SerializableFunction<Object, Object> failing() {
        return value -> {
            throw new IllegalStateException("training", new IllegalArgumentException(String.valueOf(value)));
        };
    }

    /** Ends the worker's JVM in good order, upon which it writes its archive. */
    public static SerializableCallable<Boolean> exit() {
        return () -> {
            WorkerMain.exitAfterTraining();
            return true;
        };
    }

    /** One value of each kind, alone. */
    public static List<Object> kinds() {
        return List.of(
                1,
                2L,
                3.0,
                "four",
                true,
                new int[] {1, 2},
                new long[] {1},
                new double[] {1},
                new byte[LARGE_BYTES],
                new Row("row", 1, List.of(1.0)),
                new ArrayList<>(List.of(1, "a")),
                Map.of("a", 1),
                Set.of(1),
                Optional.of(1),
                Path.of("a"),
                Duration.ofMillis(1),
                Instant.EPOCH);
    }

    /** Rows of items of one kind, which may cross packed. */
    public static List<List<Object>> rows() {
        List<List<Object>> rows = new ArrayList<>();
        for (Object kind : List.of(1, 2L, 3.0, "four", true, new int[] {1, 2}, new double[] {1, 2})) {
            List<Object> row = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                row.add(kind);
            }
            rows.add(row);
        }
        return rows;
    }
}
