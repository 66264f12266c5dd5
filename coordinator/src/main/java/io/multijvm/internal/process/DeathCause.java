// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.failure.DeathKind;
import io.multijvm.internal.death.EndReason;
import io.multijvm.internal.process.Traces.End;
import io.multijvm.worker.process.Uncaught;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Why a worker died. Told from several things together, for none of them suffices: an exit code of 134 is a segmentation
 * fault as well as a wish, 3 is a full heap or a halt, 137 anybody's kill. Pure: it reads nothing.
 *
 * @param what in words, behind the worker's name
 * @param exitCode if it was not a signal
 * @param signal the one that was the cause, which need not be the one that the status names
 */
record DeathCause(
        DeathKind kind,
        String what,
        OptionalInt exitCode,
        OptionalInt signal,
        String nativeFrame,
        List<String> javaFrames,
        String nextStep) {
    /** First line of the last words of a worker in which somebody called {@code System.exit}; its stack follows. */
    static final String EXIT_WORDS = "System.exit";

    private static final int UNCAUGHT_CODE = 1;
    private static final int OUT_OF_MEMORY_CODE = 3;
    private static final int MAX_FRAMES = 12;
    private static final String LOG_STAYS = " The log stays until the pool is closed.";
    private static final String TO_BE_STOPPED = "It was to be stopped.";

    /** What native code is killed by for what it did itself; SIGABRT is also what abort() sends. */
    private static final Set<String> FAULTS =
            Set.of("SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP", "SIGABRT", "SIGSYS");

    DeathCause {
        javaFrames = List.copyOf(javaFrames);
    }

    /** The same status, and no frames. */
    static DeathCause of(DeathKind kind, String what, ExitStatus status, String nextStep) {
        return new DeathCause(kind, what, status.exitCode(), status.signal(), "", List.of(), nextStep);
    }

    /** The most certain evidence comes first; a guess is called one. */
    static DeathCause of(Traces traces) {
        ExitStatus status = traces.status();
        if (traces.reason() instanceof EndReason.CorruptResults lie) {
            return ended(status, lie);
        }
        if (traces.log().isPresent()) {
            return crash(traces.log().get(), traces);
        }
        if (status.value() == OUT_OF_MEMORY_CODE && traces.farewell().isPresent()) {
            return OutOfMemory.cause(status, traces.farewell().get(), traces.heapMax());
        }
        if (traces.lastWords().startsWith(EXIT_WORDS)) {
            return exit(traces);
        }
        if (status.value() == UNCAUGHT_CODE && traces.lastWords().startsWith(Uncaught.FIRST_LINE)) {
            return uncaught(traces);
        }
        if (traces.reason() != null && !traces.endedBy().isEmpty()) {
            return ended(status, traces.reason());
        }
        if (!traces.saidHello()) {
            return of(
                    DeathKind.FAILED_START,
                    status.words() + " before it was ready" + traces.start().said(),
                    status,
                    traces.start().nextStep());
        }
        return status.signal().isPresent() ? signal(traces, status.signal().getAsInt()) : halt(traces);
    }

    private static DeathCause ended(ExitStatus status, EndReason reason) {
        return of(reason.kind(), reason.what(), status, reason.nextStep());
    }

    private static DeathCause crash(FatalErrorLog log, Traces traces) {
        if (log.insufficientMemory()) {
            return ofLog(
                    log,
                    traces,
                    DeathKind.OUT_OF_NATIVE_MEMORY,
                    "got no more memory from the system, beside its heap of " + OutOfMemory.size(traces.heapMax()),
                    "Use fewer workers or a smaller heap, or give the machine or container more memory." + LOG_STAYS);
        }
        if (log.signal().isEmpty()) {
            return ofLog(
                    log,
                    traces,
                    DeathKind.JVM_CRASH,
                    "crashed in the JVM itself" + (log.cause().isEmpty() ? "" : ": " + log.cause()),
                    "Try another JDK (javaHome), or without unusual flags; an item like this one may crash again."
                            + LOG_STAYS);
        }
        OptionalLong sender = log.sender();
        if (sender.isPresent()) {
            return ofLog(
                    log,
                    traces,
                    DeathKind.KILLED,
                    "killed by " + log.signal() + ", which process " + sender.getAsLong() + " had sent",
                    "Look for who sends this signal; the item is not to blame." + LOG_STAYS);
        }
        return ofLog(
                log,
                traces,
                DeathKind.NATIVE_CRASH,
                "killed by " + log.signal() + " in " + place(log.problematicFrame())
                        + log.address().map(at -> "; it touched address " + at).orElse(""),
                "Look for the native library or Unsafe call in these frames; an item like this one will crash again."
                        + LOG_STAYS);
    }

    /** The JVM aborts itself after it has written the log, so the status names SIGABRT or a code of its own. */
    private static DeathCause ofLog(FatalErrorLog log, Traces traces, DeathKind kind, String what, String nextStep) {
        OptionalInt signal = ExitStatus.signalNamed(log.signal());
        return new DeathCause(
                kind,
                what,
                signal.isPresent() ? OptionalInt.empty() : traces.status().exitCode(),
                signal.isPresent() ? signal : traces.status().signal(),
                kind == DeathKind.OUT_OF_NATIVE_MEMORY ? "" : log.problematicFrame(),
                log.javaFrames(),
                nextStep);
    }

    private static String place(String frame) {
        if (frame.startsWith("C")) {
            return "native code";
        }
        return frame.startsWith("V") ? "the JVM, most often through Unsafe or a native library" : "compiled code";
    }

    /** Of a process with a task of its own. A pool's worker outlives what its tasks throw. */
    private static DeathCause uncaught(Traces traces) {
        List<String> lines = traces.lastWords().lines().skip(1).toList();
        return new DeathCause(
                DeathKind.UNCAUGHT_EXCEPTION,
                "ended by what its task threw: " + (lines.isEmpty() ? "" : lines.get(0)),
                traces.status().exitCode(),
                traces.status().signal(),
                "",
                lines.stream().skip(1).limit(MAX_FRAMES).toList(),
                "Look at these frames; its stderr has the same.");
    }

    /** Even a code like 137 is a code here: the words prove that nobody sent a signal. */
    private static DeathCause exit(Traces traces) {
        int code = traces.status().value();
        List<String> frames = traces.lastWords()
                .lines()
                .skip(1)
                .map(String::trim)
                .map(line -> line.startsWith("at ") ? line.substring(3) : line)
                .filter(line -> !line.isEmpty())
                .limit(MAX_FRAMES)
                .toList();
        return new DeathCause(
                DeathKind.EXIT,
                "called System.exit(" + code + ")",
                OptionalInt.of(code),
                OptionalInt.empty(),
                "",
                frames,
                "Tasks must not end their JVM: return a value or throw instead.");
    }

    private static DeathCause signal(Traces traces, int signal) {
        ExitStatus status = traces.status();
        String words = status.words();
        boolean ours = (signal == ExitStatus.SIGKILL && traces.endedBy().contains(End.KILL))
                || (signal == ExitStatus.SIGTERM && traces.endedBy().contains(End.TERM));
        if (ours) {
            return of(DeathKind.ENDED, words + ", by its coordinator", status, TO_BE_STOPPED);
        }
        if (signal == ExitStatus.SIGKILL) {
            return killed(traces);
        }
        if (FAULTS.contains(ExitStatus.nameOf(signal))) {
            return of(
                    DeathKind.NATIVE_CRASH,
                    words + ", without a fatal-error log",
                    status,
                    "Native code ended the process without the JVM, by abort() for instance; its last output may say why."
                            + " Somebody may also have sent the signal.");
        }
        return of(
                DeathKind.KILLED,
                words + ", from outside",
                status,
                signal == ExitStatus.SIGXCPU
                        ? "It used up its CPU time: raise the limit (ulimit -t)."
                        : "Look for who sends this signal: a person, a supervisor, a limit of the system.");
    }

    private static DeathCause killed(Traces traces) {
        ExitStatus status = traces.status();
        String words = status.words();
        String fewer = "The machine or container is short of memory: use fewer workers or smaller heaps.";
        return switch (traces.oomKill()) {
            case IN_GROUP ->
                of(
                        DeathKind.KILLED_FOR_MEMORY,
                        words + " by the kernel, for lack of memory in its control group",
                        status,
                        fewer);
            case ON_MACHINE ->
                of(
                        DeathKind.KILLED_FOR_MEMORY,
                        words + " by the kernel, for lack of memory (the machine counts such a kill at that time)",
                        status,
                        fewer);
            case NONE ->
                of(
                        DeathKind.KILLED,
                        words + " from outside; the kernel counts no kill for lack of memory",
                        status,
                        "Somebody sent SIGKILL: kill -9, a supervisor, or whoever stops the container.");
            case UNKNOWN ->
                of(
                        DeathKind.KILLED,
                        words + ", from outside or by the kernel for lack of memory (a guess)",
                        status,
                        "Look at the kernel's log and the container's memory limit; use fewer workers or a smaller heap.");
        };
    }

    private static DeathCause halt(Traces traces) {
        ExitStatus status = traces.status();
        if (!traces.endedBy().isEmpty()) {
            return of(DeathKind.ENDED, status.words() + " when told to end", status, TO_BE_STOPPED);
        }
        if (status.value() == OUT_OF_MEMORY_CODE && !traces.captured()) {
            return OutOfMemory.guessed(status, traces.heapMax());
        }
        Optional<String> own = status.ownReason();
        if (own.isPresent()) {
            return of(
                    DeathKind.GAVE_UP,
                    status.words(),
                    status,
                    "It wrote the details to stderr; if they do not help, please report this as a bug of Multijvm.");
        }
        return of(
                DeathKind.HALT,
                "halted with exit code " + status.value() + " (Runtime.halt)",
                status,
                "Tasks must not end their JVM: look for Runtime.halt, or exit in native code.");
    }
}
