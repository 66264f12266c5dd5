// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.cli.compare.ResultRecords;
import io.multijvm.cli.compare.ResultRecords.Kind;
import io.multijvm.cli.compare.TrialFiles;
import io.multijvm.cli.compare.TrialMeasures;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.MultijvmException;
import io.multijvm.task.Outcome;
import io.multijvm.worker.job.TimedTask;
import io.multijvm.worker.job.TimedTask.Timed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;

/** Takes a trial's outcomes in input order, and writes what there is to know of them. For one thread. */
final class TrialRecorder implements AutoCloseable {
    /** Causes may go round in a circle. */
    private static final int DEEPEST_CAUSE = 16;

    private final TrialFiles files;
    private final ResultRecords records;
    private final Map<Integer, Long> firstItemMicros = new TreeMap<>();
    private final Map<String, Long> failures = new TreeMap<>();
    private long ok;
    private long taskNanos;

    private TrialRecorder(TrialFiles files, ResultRecords records) {
        this.files = files;
        this.records = records;
    }

    /** @param willDie whether a fault is expected to end this JVM, so that each outcome has to be on its way at once */
    static TrialRecorder create(TrialFiles files, boolean willDie) throws IOException {
        return new TrialRecorder(files, ResultRecords.create(files.results(), willDie));
    }

    /** @throws MultijvmException the outcome's failure, if the pool cannot go on */
    void take(Outcome<Object, String> outcome) throws IOException {
        if (outcome instanceof Outcome.Success<Object, String> success) {
            Timed timed = Timed.parse(success.value());
            ok++;
            taskNanos += timed.tookNanos();
            firstItemMicros.merge(timed.slot(), timed.beganMicros(), Math::min);
            records.add(Kind.VALUE, timed.result());
        } else if (outcome instanceof Outcome.Failure<Object, String> failure) {
            if (failure.kind() == FailureKind.POOL_BROKEN) {
                throw failure.error();
            }
            FailureKind kind = kindOf(failure.error());
            failures.merge(kind.name(), 1L, Long::sum);
            boolean threw = kind == FailureKind.TASK || kind == FailureKind.PAYLOAD;
            // Not its message: two JVMs may word the same failure differently.
            records.add(threw ? Kind.THREW : Kind.LOST, kind.name());
        } else {
            throw new AssertionError("an outcome of class " + outcome.getClass());
        }
    }

    /** A thread that ran out of memory only threw an error; that says as little of the item as a worker's death by it. */
    private static FailureKind kindOf(MultijvmException error) {
        Throwable at = error;
        for (int depth = 0; at != null && depth < DEEPEST_CAUSE; depth++) {
            if (at instanceof OutOfMemoryError) {
                return FailureKind.OUT_OF_MEMORY;
            }
            at = at.getCause();
        }
        return error.kind();
    }

    /** Writes the measures; the pool is closed. */
    void finish(String broken) throws IOException {
        Instant end = Instant.now();
        new TrialMeasures(
                        ok,
                        failures,
                        taskNanos / 1e9,
                        new ArrayList<>(firstItemMicros.values()),
                        TimedTask.micros(end),
                        ProcessHandle.current()
                                .info()
                                .totalCpuDuration()
                                .map(Duration::toNanos)
                                .map(nanos -> nanos / 1e9)
                                .orElse(-1.0),
                        records.sha256OfAll(),
                        broken)
                .write(files.measures());
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
