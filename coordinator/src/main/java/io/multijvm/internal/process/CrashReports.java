// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.internal.death.Circumstances;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** Gathers what a dead worker left, and makes a report of it. */
public final class CrashReports {
    /**
     * Whether a report's file is a heap dump: that was put where the user wants it, and stays, and may be as large as a heap.
     * All others go with the pool.
     */
    public static boolean isHeapDump(Path file) {
        return file.toString().endsWith(HeapDump.ENDING);
    }

    private static final int LAST_LINES = 10;
    private static final String OUT_OF_MEMORY_LINE = "Terminating due to java.lang.OutOfMemoryError";

    private CrashReports() {}

    /**
     * Reads the worker's files; for after the process was reaped, and not on the event loop.
     *
     * @param known by the dispatcher
     * @param resident its memory as it was last seen
     */
    public static CrashReport from(
            LaunchedWorker worker, ExitStatus status, Circumstances known, MemoryReadings.Resident resident) {
        return from(worker, status, known, resident, OomKills.ofThisMachine());
    }

    static CrashReport from(
            LaunchedWorker worker,
            ExitStatus status,
            Circumstances known,
            MemoryReadings.Resident resident,
            OomKills oomKills) {
        Optional<FatalErrorLog> log = worker.fatalErrorLog();
        Set<Traces.End> endedBy = endedBy(worker);
        DeathCause cause = DeathCause.of(new Traces(
                status,
                known.saidHello(),
                known.lastWords(),
                log,
                worker.output().lastLineAfter(OUT_OF_MEMORY_LINE),
                !worker.output().equals(OutputFiles.NONE),
                endedBy,
                known.reason(),
                isForeignKill(status, endedBy) ? worker.oomKill(oomKills) : OomKills.Found.NONE,
                known.heapMax(),
                new Traces.Start(StartFailure.said(worker), StartFailure.nextStep(worker))));
        return new CrashReport(
                cause.kind(),
                known.at(),
                cause.what(),
                cause.exitCode(),
                cause.signal(),
                known.item(),
                known.worker(),
                memory(known, resident, log),
                cause.nativeFrame(),
                cause.javaFrames(),
                worker.lastOutput(LAST_LINES),
                Stream.concat(log.map(FatalErrorLog::file).stream(), worker.heapDump().stream())
                        .toList(),
                "",
                cause.nextStep() + (metTheSystem(cause.kind()) ? worker.hardStopAdvice() : ""));
    }

    /** The stacks of threads are memory that the system gives or does not give, too. */
    private static boolean metTheSystem(DeathKind kind) {
        return kind == DeathKind.OUT_OF_NATIVE_MEMORY || kind == DeathKind.OUT_OF_THREADS;
    }

    private static Set<Traces.End> endedBy(LaunchedWorker worker) {
        Set<Traces.End> ends = EnumSet.noneOf(Traces.End.class);
        if (worker.killedByUs()) {
            ends.add(Traces.End.KILL);
        }
        if (worker.terminatedByUs()) {
            ends.add(Traces.End.TERM);
        }
        if (worker.dismissed()) {
            ends.add(Traces.End.DISMISSAL);
        }
        return ends;
    }

    private static boolean isForeignKill(ExitStatus status, Set<Traces.End> endedBy) {
        return status.signal().equals(OptionalInt.of(ExitStatus.SIGKILL)) && !endedBy.contains(Traces.End.KILL);
    }

    /** The log was written at the very end, so its figures are later than ours. */
    private static CrashReport.Memory memory(
            Circumstances known, MemoryReadings.Resident seen, Optional<FatalErrorLog> log) {
        MemoryReadings.Resident last = log.map(FatalErrorLog::resident)
                .filter(logged -> logged.now() > 0)
                .orElse(seen);
        return new CrashReport.Memory(
                known.heapUsed(),
                known.heapMax(),
                last.now(),
                Math.max(last.peak(), Math.max(last.now(), seen.peak())));
    }
}
