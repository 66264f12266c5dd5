// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import io.multijvm.WorkerProcess;
import io.multijvm.task.SerializableRunnable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Processes that do nothing, and how long one takes from its start to its end: the median of some. */
final class ProcessWork {
    private static final SerializableRunnable NOTHING = () -> {};
    private static final Duration MOST_FOR_STANDBY = Duration.ofSeconds(60);
    /** After one has come up its compilers are still at work for a moment. */
    private static final Duration REST = Duration.ofMillis(500);

    private ProcessWork() {}

    /** A JVM that runs this, to compare with. */
    public static void main(String[] args) {}

    /** One whole life. */
    private interface Life {
        boolean endsWell() throws IOException, InterruptedException;
    }

    /** One is ready before the clock starts; what it costs to have it ready is what the cold start costs. */
    static Measured fromStandby(int count) throws BenchmarkException {
        WorkerProcess.standby(1);
        try {
            return median(count, ProcessWork::awaitStandby, ProcessWork::life);
        } finally {
            WorkerProcess.standby(0);
        }
    }

    static Measured cold(int count) throws BenchmarkException {
        return median(count, () -> {}, ProcessWork::life);
    }

    private static boolean life() throws InterruptedException {
        try (WorkerProcess process = WorkerProcess.start(NOTHING)) {
            process.join();
            return process.exitCode().orElseThrow() == 0;
        }
    }

    /** With the flags that matter of those that our processes have. */
    static Measured bareJvm(int count) throws BenchmarkException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                java, "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), ProcessWork.class.getName());
        return median(count, () -> {}, () -> builder.start().waitFor() == 0);
    }

    private static Measured median(int count, Runnable before, Life life) throws BenchmarkException {
        long[] nanos = new long[count];
        long check = 0;
        for (int i = 0; i < count; i++) {
            before.run();
            long begin = System.nanoTime();
            try {
                check += life.endsWell() ? 1 : 0;
            } catch (IOException e) {
                throw new BenchmarkException("a JVM could not be started: " + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchmarkException("interrupted", e);
            }
            nanos[i] = System.nanoTime() - begin;
        }
        return new Measured(PoolWork.median(nanos), check);
    }

    private static void awaitStandby() {
        long deadline = System.nanoTime() + MOST_FOR_STANDBY.toNanos();
        while (WorkerProcess.standbysReady() < 1) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("no process came up within " + MOST_FOR_STANDBY.toSeconds() + " s");
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
        LockSupport.parkNanos(REST.toNanos());
    }
}
