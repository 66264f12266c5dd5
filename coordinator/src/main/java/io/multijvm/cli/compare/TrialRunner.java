// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import io.multijvm.internal.process.MemorySize;
import io.multijvm.internal.process.PrivateDirectory;
import io.multijvm.internal.process.ProgramJvm;
import io.multijvm.worker.job.TimedTask;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Runs trials one after the other, each in fresh JVMs, and watches them from outside: a fault may kill the trial, but not
 * what measures it. For one thread.
 */
final class TrialRunner implements AutoCloseable {
    private static final Duration BETWEEN_SAMPLES = Duration.ofMillis(50);

    /** For a trial that is ended to put its files away. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private static final int QUOTED_LINES = 3;

    private final Class<?> main;
    private final Duration limit;
    private final PrivateDirectory directory;
    private int trials;

    /**
     * @param main runs a trial that its arguments describe
     * @param limit after which a trial is ended
     */
    TrialRunner(Class<?> main, Duration limit) throws IOException {
        this.main = main;
        this.limit = limit;
        directory = PrivateDirectory.create("multijvm-compare");
    }

    /** How a child ended, and what it used. */
    private record Watched(
            boolean inTime,
            int exitCode,
            String ending,
            Instant began,
            double seconds,
            OptionalDouble cpuSeconds,
            OptionalLong peakResidentBytes,
            List<String> flags,
            List<String> lastOutput) {}

    /** A new directory for the next trial's files. */
    TrialFiles nextFiles() throws IOException {
        trials++;
        return new TrialFiles(Files.createDirectory(directory.path().resolve("trial-" + trials)));
    }

    /** Runs one trial. */
    Trial run(Setup setup, int run, boolean isWarmup, TrialFiles files, TrialArguments arguments) throws IOException {
        Watched watched = watch(arguments.heap(), arguments.list(), files);
        TrialMeasures measures = watched.inTime && Files.exists(files.measures()) && watched.exitCode == 0
                ? TrialMeasures.read(files.measures())
                : null;
        long beganMicros = TimedTask.micros(watched.began);
        boolean finished = measures != null && measures.broken().isEmpty();
        return new Trial(
                setup,
                run,
                isWarmup,
                arguments.fault(),
                ending(watched, measures),
                finished ? "" : how(watched, measures),
                beganMicros,
                finished && measures != null ? (measures.endMicros() - beganMicros) / 1e6 : watched.seconds,
                ResultRecords.count(files.results()),
                measures,
                watched.cpuSeconds,
                watched.peakResidentBytes,
                GcLogs.pauseSeconds(files.directory()),
                watched.flags);
    }

    private static Trial.Ending ending(Watched watched, @Nullable TrialMeasures measures) {
        if (!watched.inTime) {
            return Trial.Ending.TIMED_OUT;
        }
        if (measures == null) {
            return Trial.Ending.DIED;
        }
        return measures.broken().isEmpty() ? Trial.Ending.FINISHED : Trial.Ending.BROKEN;
    }

    private String how(Watched watched, @Nullable TrialMeasures measures) {
        if (!watched.inTime) {
            return "never ended (" + limit.toSeconds() + " s)";
        }
        if (measures != null) {
            return measures.broken();
        }
        String said = String.join(" | ", watched.lastOutput);
        String was = watched.ending.startsWith("killed") ? "was " : "";
        return "its JVM " + was + watched.ending + (said.isEmpty() ? "" : ": " + said);
    }

    /** Measures the break-even, if the sweep reaches its end. */
    Sweep sweep(TrialFiles files, TrialArguments arguments) throws IOException {
        Watched watched = watch(arguments.heap(), arguments.list(), files);
        return watched.inTime && watched.exitCode == 0
                ? Sweep.of(SweepMeasures.read(files.measures()))
                : Sweep.failed(how(watched, null));
    }

    private Watched watch(MemorySize heap, List<String> arguments, TrialFiles files) throws IOException {
        OptionalDouble cpuBefore = ProcReadings.cpuSecondsOfEndedChildren();
        Instant began = Instant.now();
        long begin = System.nanoTime();
        ProgramJvm jvm = ProgramJvm.start(main, arguments, heap, List.of(files.gcFlag()), files.directory());
        long peak = 0;
        boolean inTime = true;
        try {
            while (inTime && !jvm.await(BETWEEN_SAMPLES)) {
                peak = Math.max(peak, residentBytes(jvm));
                jvm.boundOutput();
                inTime = System.nanoTime() - begin < limit.toNanos();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the comparison was interrupted");
        } finally {
            jvm.end(GRACE);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        OptionalDouble cpuAfter = ProcReadings.cpuSecondsOfEndedChildren();
        return new Watched(
                inTime,
                jvm.exitValue(),
                jvm.ending(),
                began,
                seconds,
                cpuBefore.isPresent() && cpuAfter.isPresent()
                        ? OptionalDouble.of(cpuAfter.getAsDouble() - cpuBefore.getAsDouble())
                        : OptionalDouble.empty(),
                peak == 0 ? OptionalLong.empty() : OptionalLong.of(peak),
                jvm.flags(),
                jvm.lastOutput(QUOTED_LINES));
    }

    private static long residentBytes(ProgramJvm jvm) {
        return jvm.processes()
                .mapToLong(each -> ProcReadings.residentBytes(each.pid()).orElse(0))
                .sum();
    }

    /** The directory of all trials goes with what is in it. */
    @Override
    public void close() {
        directory.close();
    }
}
