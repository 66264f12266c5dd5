// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.failure.CrashReport;
import io.multijvm.failure.FailureKind;
import io.multijvm.internal.death.EndReason;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Explains a death from four things together, for none of them suffices: what the process left as last words, its
 * fatal-error log, its exit code or signal, and whether it was we who ended it.
 */
public final class CrashReports {
    /** First line of the last words of a worker in which somebody called {@code System.exit}; its stack follows. */
    static final String EXIT_WORDS = "System.exit";

    private static final int LAST_LINES = 10;
    private static final int MAX_FRAMES = 12;
    private static final int OUT_OF_MEMORY_CODE = 3;
    private static final String OUT_OF_MEMORY_LINE = "Terminating due to java.lang.OutOfMemoryError";
    private static final String NO_MORE = "got no more memory from the system, beside its heap";
    private static final String LOG_STAYS = " The log stays until the pool is closed.";

    private CrashReports() {}

    /**
     * What the dispatcher knows of a death.
     *
     * @param index of the blamed item; empty if none was running
     * @param attempt how often that item had been begun
     * @param slot the worker's place in its pool
     * @param incarnation how many processes the slot had had
     * @param maxHeapBytes what the JVM really had, or 0 if it never said
     * @param lastWords what it left in its recorder, or empty
     * @param saidHello whether it had connected
     * @param reason what it did so that its coordinator ended it; null if it was not so
     */
    public record Evidence(
            OptionalLong index,
            int attempt,
            int slot,
            int incarnation,
            long maxHeapBytes,
            String lastWords,
            boolean saidHello,
            @Nullable EndReason reason) {}

    /**
     * A death explained.
     *
     * @param kind for the failure of the blamed item; {@link FailureKind#POOL_BROKEN} for a JVM that did not start
     * @param report all that is known
     */
    public record Verdict(FailureKind kind, CrashReport report) {}

    /** A cause of death, before it is joined with whom it befell. */
    private record Cause(
            FailureKind kind,
            String what,
            OptionalInt exitCode,
            OptionalInt signal,
            String nativeFrame,
            List<String> javaFrames,
            String nextStep) {

        static Cause of(FailureKind kind, String what, ExitStatus status, String nextStep) {
            return new Cause(kind, what, status.exitCode(), status.signal(), "", List.of(), nextStep);
        }
    }

    /** Reads the worker's files; for after the process was reaped, and not on the event loop. */
    public static Verdict from(LaunchedWorker worker, ExitStatus status, Evidence evidence) {
        Optional<FatalErrorLog> log = worker.fatalErrorLog();
        Cause cause = cause(worker, status, evidence, log);
        CrashReport report = new CrashReport(
                cause.what,
                cause.exitCode,
                cause.signal,
                evidence.index,
                evidence.attempt,
                evidence.slot,
                evidence.incarnation,
                worker.pid(),
                cause.nativeFrame,
                cause.javaFrames,
                worker.lastOutput(LAST_LINES),
                Stream.concat(log.map(FatalErrorLog::file).stream(), worker.heapDump().stream())
                        .toList(),
                cause.nextStep + (cause.what.startsWith(NO_MORE) ? worker.hardStopAdvice() : ""));
        return new Verdict(cause.kind, report);
    }

    /** The most certain evidence comes first; a guess is called one. */
    private static Cause cause(
            LaunchedWorker worker, ExitStatus status, Evidence evidence, Optional<FatalErrorLog> log) {
        if (evidence.reason instanceof EndReason.CorruptResults lie) {
            return ended(status, lie);
        }
        if (log.isPresent()) {
            return crash(log.get(), status, evidence);
        }
        if (status.value() == OUT_OF_MEMORY_CODE) {
            Optional<String> kind = worker.output().lastLineAfter(OUT_OF_MEMORY_LINE);
            if (kind.isPresent()) {
                return outOfMemory(status, evidence, kind.get());
            }
        }
        if (evidence.lastWords.startsWith(EXIT_WORDS)) {
            return exit(status, evidence);
        }
        if (evidence.reason != null && worker.endedByUs()) {
            return ended(status, evidence.reason);
        }
        if (!evidence.saidHello) {
            return Cause.of(
                    FailureKind.POOL_BROKEN,
                    status.words() + " before it was ready" + StartFailure.said(worker),
                    status,
                    StartFailure.nextStep(worker));
        }
        return status.signal().isPresent()
                ? signal(worker, status, status.signal().getAsInt())
                : halt(worker, status, evidence);
    }

    private static Cause ended(ExitStatus status, EndReason reason) {
        return Cause.of(reason.kind().failureKind(), reason.what(), status, reason.nextStep());
    }

    private static Cause crash(FatalErrorLog log, ExitStatus status, Evidence evidence) {
        if (log.insufficientMemory()) {
            return new Cause(
                    FailureKind.OUT_OF_MEMORY,
                    NO_MORE + " of " + heap(evidence),
                    status.exitCode(),
                    status.signal(),
                    "",
                    log.javaFrames(),
                    "Use fewer workers or a smaller heap, or give the machine or container more memory." + LOG_STAYS);
        }
        OptionalInt signal = ExitStatus.signalNamed(log.signal());
        String what = log.signal().isEmpty()
                ? "crashed in the JVM itself" + (log.cause().isEmpty() ? "" : ": " + log.cause())
                : "killed by " + log.signal() + " in " + place(log.problematicFrame());
        // The JVM aborts itself after it has written the log, so the status names SIGABRT or a code of its own.
        return new Cause(
                FailureKind.CRASH,
                what,
                signal.isPresent() ? OptionalInt.empty() : status.exitCode(),
                signal.isPresent() ? signal : status.signal(),
                log.problematicFrame(),
                log.javaFrames(),
                "Look for the native library or Unsafe call in these frames; an item like this one will crash again."
                        + LOG_STAYS);
    }

    private static String place(String frame) {
        if (frame.startsWith("C")) {
            return "native code";
        }
        return frame.startsWith("V") ? "the JVM, most often through Unsafe or a native library" : "compiled code";
    }

    /** The JVM's message tells which memory it was; only the heap's remedy is a larger heap. */
    private static Cause outOfMemory(ExitStatus status, Evidence evidence, String message) {
        String said = message.replaceFirst("^: ", "").trim();
        String lower = said.toLowerCase(Locale.ROOT);
        if (lower.contains("metaspace") || lower.contains("compressed class space")) {
            return Cause.of(
                    FailureKind.OUT_OF_MEMORY,
                    "ran out of memory for classes (" + said + ")",
                    status,
                    "Raise metaspace in the pool's options, or look for a task that loads ever more classes.");
        }
        if (lower.contains("direct buffer")) {
            return Cause.of(
                    FailureKind.OUT_OF_MEMORY,
                    "ran out of memory for direct buffers (" + said + ")",
                    status,
                    "Raise directMemory in the pool's options, or look for a task that keeps its buffers.");
        }
        if (lower.contains("native thread")) {
            return Cause.of(
                    FailureKind.OUT_OF_MEMORY,
                    "could not start another thread (" + said + ")",
                    status,
                    "Look for a task that leaves threads behind, and at the limit on processes (ulimit -u).");
        }
        if (lower.contains("array size")) {
            return Cause.of(
                    FailureKind.OUT_OF_MEMORY,
                    "asked for too large an array (" + said + ")",
                    status,
                    "No heap is large enough for it: let the task make smaller pieces.");
        }
        // what Unsafe.allocateMemory and the mapping of files say
        if (lower.contains("unable to allocate") || lower.contains("map failed") || lower.contains("out of swap")) {
            return Cause.of(
                    FailureKind.OUT_OF_MEMORY,
                    NO_MORE + " (" + said + ")",
                    status,
                    "Use fewer workers or a smaller heap, or give the machine or container more memory.");
        }
        return outOfHeap(status, evidence, "");
    }

    private static Cause outOfHeap(ExitStatus status, Evidence evidence, String guess) {
        return Cause.of(
                FailureKind.OUT_OF_MEMORY,
                "ran out of heap (" + heap(evidence) + ")" + guess,
                status,
                "Raise the workers' heap, or use fewer workers with more heap each.");
    }

    private static String heap(Evidence evidence) {
        return evidence.maxHeapBytes > 0 ? new MemorySize(evidence.maxHeapBytes).toString() : "unknown size";
    }

    /** Even a code like 137 is a code here: the words prove that nobody sent a signal. */
    private static Cause exit(ExitStatus status, Evidence evidence) {
        List<String> frames = evidence.lastWords
                .lines()
                .skip(1)
                .map(String::trim)
                .map(line -> line.startsWith("at ") ? line.substring(3) : line)
                .filter(line -> !line.isEmpty())
                .limit(MAX_FRAMES)
                .toList();
        return new Cause(
                FailureKind.CRASH,
                "called System.exit(" + status.value() + ")",
                OptionalInt.of(status.value()),
                OptionalInt.empty(),
                "",
                frames,
                "Tasks must not end their JVM: return a value or throw instead.");
    }

    private static Cause signal(LaunchedWorker worker, ExitStatus status, int signal) {
        String words = status.words();
        if (signal == ExitStatus.SIGKILL && worker.killedByUs()) {
            return Cause.of(FailureKind.CRASH, words + ", by its coordinator", status, "It was to be stopped.");
        }
        if (signal == ExitStatus.SIGTERM && worker.terminatedByUs()) {
            return Cause.of(FailureKind.CRASH, words + ", by its coordinator", status, "It was to be stopped.");
        }
        if (signal == ExitStatus.SIGKILL) {
            return Cause.of(
                    FailureKind.CRASH,
                    words + ", from outside or by the kernel for lack of memory (a guess)",
                    status,
                    "Look at the kernel's log and the container's memory limit; use fewer workers or a smaller heap.");
        }
        return Cause.of(
                FailureKind.CRASH,
                words + ", without a fatal-error log",
                status,
                "Somebody sent it the signal, or native code ended the process without the JVM.");
    }

    private static Cause halt(LaunchedWorker worker, ExitStatus status, Evidence evidence) {
        if (worker.endedByUs()) {
            return Cause.of(FailureKind.CRASH, status.words() + " when told to end", status, "It was to be stopped.");
        }
        if (status.value() == OUT_OF_MEMORY_CODE && worker.output().equals(OutputFiles.NONE)) {
            return outOfHeap(status, evidence, ", by its exit code 3 (a guess: Runtime.halt(3) looks the same)");
        }
        if (status.ownReason().isPresent()) {
            return Cause.of(
                    FailureKind.CRASH,
                    status.words(),
                    status,
                    "It wrote the details to stderr; if they do not help, please report this as a bug of Multijvm.");
        }
        return Cause.of(
                FailureKind.CRASH,
                "halted with exit code " + status.value() + " (Runtime.halt)",
                status,
                "Tasks must not end their JVM: look for Runtime.halt, or exit in native code.");
    }
}
