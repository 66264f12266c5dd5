// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import io.multijvm.task.SerializableFunction;
import io.multijvm.task.TaskContext;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A task that tells with each result where and when it ran. The times travel with the result, not in a report at the
 * worker's end, so that a worker that dies has told of all it finished.
 */
public final class TimedTask implements SerializableFunction<Object, String> {
    private static final long serialVersionUID = 1;

    private final SerializableFunction<Object, String> task;

    public TimedTask(SerializableFunction<Object, String> task) {
        this.task = Objects.requireNonNull(task, "task");
    }

    @Override
    public String applyOrThrow(Object item) throws Exception {
        Instant now = Instant.now();
        long begin = System.nanoTime();
        String result = task.applyOrThrow(item);
        long took = System.nanoTime() - begin;
        return TaskContext.current().slot() + " " + micros(now) + " " + took + " " + result;
    }

    /** Microseconds since 1970: JVMs of one machine share this clock, which {@code nanoTime} does not promise. */
    public static long micros(Instant instant) {
        return TimeUnit.SECONDS.toMicros(instant.getEpochSecond()) + TimeUnit.NANOSECONDS.toMicros(instant.getNano());
    }

    /**
     * One result with its times.
     *
     * @param slot the worker's or thread's place in its pool
     * @param beganMicros microseconds since 1970
     * @param tookNanos in the task itself, without crossing
     * @param result what the task gave
     */
    public record Timed(int slot, long beganMicros, long tookNanos, String result) {
        /** Reads what {@link TimedTask} wrote. */
        public static Timed parse(String text) {
            String[] parts = text.split(" ", 4);
            if (parts.length < 4) {
                throw new IllegalArgumentException("not a result with times: " + text);
            }
            return new Timed(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[3]);
        }
    }
}
