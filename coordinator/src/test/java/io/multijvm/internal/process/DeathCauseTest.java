// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.failure.DeathKind;
import io.multijvm.failure.FailureKind;
import io.multijvm.internal.death.EndReason;
import io.multijvm.internal.process.Traces.End;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of death is told from played traces, and none is taken for another. */
class DeathCauseTest {
    private static final Path FILE = Path.of("hs_err.log");

    /** What a death left; each method adds one thing. */
    private static final class Played {
        private final int status;
        private boolean hello = true;
        private String words = "";
        private String log = "";
        private @Nullable String farewell;
        private boolean captured = true;
        private final Set<End> ends = EnumSet.noneOf(End.class);
        private @Nullable EndReason reason;
        private OomKills.Found oom = OomKills.Found.NONE;

        Played(int status) {
            this.status = status;
        }

        Played noHello() {
            hello = false;
            return this;
        }

        Played words(String text) {
            words = text;
            return this;
        }

        Played log(String text) {
            log = text;
            return this;
        }

        Played farewell(String text) {
            farewell = text;
            return this;
        }

        Played notCaptured() {
            captured = false;
            return this;
        }

        Played ended(End how) {
            ends.add(how);
            return this;
        }

        Played reason(EndReason why) {
            reason = why;
            return this;
        }

        Played oom(OomKills.Found found) {
            oom = found;
            return this;
        }

        DeathCause cause() {
            return DeathCause.of(new Traces(
                    new ExitStatus(status),
                    hello,
                    words,
                    log.isEmpty()
                            ? Optional.empty()
                            : Optional.of(FatalErrorLog.parse(FILE, log.lines().toList())),
                    Optional.ofNullable(farewell),
                    captured,
                    ends,
                    reason,
                    oom,
                    64L << 20,
                    new Traces.Start(": 'no such flag'", "try it by hand")));
        }
    }

    private static Played left(int status) {
        return new Played(status);
    }

    private static String signalLog(String signal, String siginfo) {
        return "#\n#  " + signal
                + " (0xb) at pc=0x1, pid=1, tid=2\n#\n# Problematic frame:\n# C  [libpdf.so+0x2f]  load\n"
                + "\nJava frames: (J=compiled)\nj  com.acme.Native.load(J)I+0\n\nsiginfo: " + siginfo + "\n";
    }

    static Stream<Arguments> deaths() {
        String fault = "si_signo: 11 (SIGSEGV), si_code: 1 (SEGV_MAPERR), si_addr: 0x0000000000000018";
        return Stream.of(
                died(
                        left(134).log(signalLog("SIGSEGV", fault)),
                        DeathKind.NATIVE_CRASH,
                        "killed by SIGSEGV in native code; it touched address 0x18"),
                // with core dumps switched off a crash has the exit code of a bad flag
                died(left(1).log(signalLog("SIGBUS", "")), DeathKind.NATIVE_CRASH, "killed by SIGBUS in native code"),
                died(
                        left(134)
                                .log(signalLog(
                                        "SIGSEGV", "si_signo: 11 (SIGSEGV), si_code: 128 (SI_KERNEL), si_addr: 0x0")),
                        DeathKind.NATIVE_CRASH,
                        "killed by SIGSEGV in native code"),
                died(
                        left(134)
                                .log(signalLog(
                                        "SIGSEGV",
                                        "si_signo: 11 (SIGSEGV), si_code: 0 (SI_USER), si_pid: 77, si_uid: 0")),
                        DeathKind.KILLED,
                        "killed by SIGSEGV, which process 77 had sent"),
                died(left(134), DeathKind.NATIVE_CRASH, "killed by SIGABRT, without a fatal-error log"),
                died(
                        left(134).log("#  Internal Error (x.cpp:1), pid=1\n"),
                        DeathKind.JVM_CRASH,
                        "crashed in the JVM itself: Internal Error (x.cpp:1), pid=1"),
                died(left(134).log("#\n# A fatal er"), DeathKind.JVM_CRASH, "crashed in the JVM itself"),
                died(left(3).farewell(": Java heap space"), DeathKind.OUT_OF_HEAP, "ran out of heap (64 MiB)"),
                died(
                        left(3).farewell(": GC overhead limit exceeded"),
                        DeathKind.OUT_OF_HEAP,
                        "ran out of heap (64 MiB)"),
                died(
                        left(3).farewell(": Metaspace"),
                        DeathKind.OUT_OF_METASPACE,
                        "ran out of memory for classes (Metaspace)"),
                died(
                        left(3).farewell(": Compressed class space"),
                        DeathKind.OUT_OF_METASPACE,
                        "ran out of memory for classes (Compressed class space)"),
                died(
                        left(3).farewell(": Cannot reserve 8 bytes of direct buffer memory (allocated: 1, limit: 2)"),
                        DeathKind.OUT_OF_DIRECT_MEMORY,
                        "ran out of memory for direct buffers"
                                + " (Cannot reserve 8 bytes of direct buffer memory (allocated: 1, limit: 2))"),
                died(
                        left(3).farewell(": unable to create native thread: possibly out of memory"),
                        DeathKind.OUT_OF_THREADS,
                        "could not start another thread (unable to create native thread: possibly out of memory)"),
                died(
                        left(3).farewell(": Requested array size exceeds VM limit"),
                        DeathKind.ARRAY_TOO_LARGE,
                        "asked for too large an array (Requested array size exceeds VM limit)"),
                died(
                        left(3).farewell(": Unable to allocate 2147483648 bytes"),
                        DeathKind.OUT_OF_NATIVE_MEMORY,
                        "got no more memory from the system, beside its heap (Unable to allocate 2147483648 bytes)"),
                died(
                        left(1).log("# There is insufficient memory for the Java Runtime Environment to continue.\n"),
                        DeathKind.OUT_OF_NATIVE_MEMORY,
                        "got no more memory from the system, beside its heap of 64 MiB"),
                died(
                        left(3).notCaptured(),
                        DeathKind.OUT_OF_HEAP,
                        "ran out of heap (64 MiB), by its exit code 3 (a guess: Runtime.halt(3) looks the same)"),
                died(left(3), DeathKind.HALT, "halted with exit code 3 (Runtime.halt)"),
                died(left(0), DeathKind.HALT, "halted with exit code 0 (Runtime.halt)"),
                died(left(44).words("System.exit\n my.Task.run(T.java:3)"), DeathKind.EXIT, "called System.exit(44)"),
                died(left(137).words("System.exit\n"), DeathKind.EXIT, "called System.exit(137)"),
                died(
                        left(1).words(
                                        "Uncaught exception\njava.io.IOException: gone, caused by x.Y\nmy.Task.run(T.java:3)"),
                        DeathKind.UNCAUGHT_EXCEPTION,
                        "ended by what its task threw: java.io.IOException: gone, caused by x.Y"),
                // its threads went on after that, and it was killed
                died(
                        left(137)
                                .words("Uncaught exception\njava.io.IOException: gone")
                                .ended(End.KILL),
                        DeathKind.ENDED,
                        "killed by SIGKILL, by its coordinator"),
                died(left(220), DeathKind.GAVE_UP, "exited with code 220, for its coordinator was gone"),
                died(
                        left(137),
                        DeathKind.KILLED,
                        "killed by SIGKILL from outside; the kernel counts no kill for lack of memory"),
                died(
                        left(137).oom(OomKills.Found.UNKNOWN),
                        DeathKind.KILLED,
                        "killed by SIGKILL, from outside or by the kernel for lack of memory (a guess)"),
                died(
                        left(137).oom(OomKills.Found.IN_GROUP),
                        DeathKind.KILLED_FOR_MEMORY,
                        "killed by SIGKILL by the kernel, for lack of memory in its control group"),
                died(
                        left(137).oom(OomKills.Found.ON_MACHINE),
                        DeathKind.KILLED_FOR_MEMORY,
                        "killed by SIGKILL by the kernel, for lack of memory (the machine counts such a kill at that time)"),
                died(left(143), DeathKind.KILLED, "killed by SIGTERM, from outside"),
                died(left(152), DeathKind.KILLED, "killed by SIGXCPU, from outside"),
                died(left(137).ended(End.KILL), DeathKind.ENDED, "killed by SIGKILL, by its coordinator"),
                died(left(143).ended(End.TERM), DeathKind.ENDED, "killed by SIGTERM, by its coordinator"),
                died(left(143).ended(End.KILL), DeathKind.KILLED, "killed by SIGTERM, from outside"),
                died(left(42).ended(End.DISMISSAL), DeathKind.ENDED, "exited with code 42 when told to end"),
                died(
                        left(137).ended(End.KILL).reason(new EndReason.Hung("no beat for 10 s")),
                        DeathKind.HUNG,
                        "hung (no beat for 10 s) and was ended by its coordinator"),
                died(
                        left(137).ended(End.KILL).reason(new EndReason.MemoryLimit(100 << 20, 150 << 20)),
                        DeathKind.MEMORY_LIMIT,
                        "took 150 MiB of memory, over its limit of 100 MiB, and was ended by its coordinator"),
                died(
                        left(143).ended(End.TERM).reason(new EndReason.LostStream("reset by peer")),
                        DeathKind.LOST_STREAM,
                        "lost its stream to the coordinator while it lived (reset by peer) and was ended"),
                died(
                        left(137).ended(End.KILL).reason(new EndReason.CorruptResults("a record lies")),
                        DeathKind.CORRUPT_RESULTS,
                        "was given up by its coordinator: a record lies"),
                // its memory was overwritten, and that is why it crashed a moment later
                died(
                        left(134).log(signalLog("SIGSEGV", "")).reason(new EndReason.CorruptResults("a record lies")),
                        DeathKind.CORRUPT_RESULTS,
                        "was given up by its coordinator: a record lies"),
                // a reason that came too late: it died by itself before anybody ended it
                died(
                        left(3).farewell(": Java heap space").ended(End.KILL).reason(new EndReason.MemoryLimit(1, 2)),
                        DeathKind.OUT_OF_HEAP,
                        "ran out of heap (64 MiB)"),
                died(
                        left(9).reason(new EndReason.Hung("quiet")),
                        DeathKind.HALT,
                        "halted with exit code 9 (Runtime.halt)"),
                died(
                        left(1).noHello(),
                        DeathKind.FAILED_START,
                        "exited with code 1 before it was ready: 'no such flag'"));
    }

    private static Arguments died(Played traces, DeathKind kind, String what) {
        return Arguments.of(traces.cause(), kind, what);
    }

    @ParameterizedTest
    @MethodSource("deaths")
    void aDeathIsToldByItsMostCertainTrace(DeathCause cause, DeathKind kind, String what) {
        assertThat(cause.kind()).isEqualTo(kind);
        assertThat(cause.what()).isEqualTo(what);
        assertThat(cause.nextStep()).isNotBlank();
        assertThat(cause.exitCode().isPresent()).isNotEqualTo(cause.signal().isPresent());
    }

    @Test
    void everyKindButTheUnreadableIsAmongThem() {
        Set<DeathKind> kinds = EnumSet.of(DeathKind.UNEXPLAINED);
        deaths().forEach(each -> kinds.add((DeathKind) each.get()[1]));
        assertThat(kinds).containsExactly(DeathKind.values());
    }

    @Test
    void everyKindIsACrashOrAMatterOfMemoryButAStartThatFailedAndATaskThatThrew() {
        for (DeathKind kind : DeathKind.values()) {
            Set<FailureKind> expected = switch (kind) {
                case FAILED_START -> EnumSet.of(FailureKind.POOL_BROKEN);
                case UNCAUGHT_EXCEPTION -> EnumSet.of(FailureKind.TASK);
                default -> EnumSet.of(FailureKind.CRASH, FailureKind.OUT_OF_MEMORY);
            };
            assertThat(kind.failureKind()).as(kind.name()).isIn(expected);
        }
    }

    @Test
    void aSegmentationFaultsSignalIsTheLogsThoughItsJvmThenAborted() {
        assertThat(left(134).log(signalLog("SIGSEGV", "")).cause().signal()).hasValue(11);
        assertThat(left(1).log(signalLog("SIGSEGV", "")).cause().exitCode()).isEmpty();
    }

    @Test
    void aHeapIsDoubledToANumberThatOneWouldWrite() {
        long mib = 1 << 20;
        assertThat(OutOfMemory.twice(494 * mib)).isEqualTo(1024 * mib);
        assertThat(OutOfMemory.twice(31 * mib)).isEqualTo(64 * mib);
        assertThat(OutOfMemory.twice(371 * mib)).isEqualTo(768 * mib);
        assertThat(left(3).farewell("").cause().nextStep()).contains("from 64 MiB to 128 MiB (--heap 128m)");
    }

    @Test
    void nonsenseInALogOrInLastWordsNeverFails() {
        Random random = new Random(17);
        String log = signalLog("SIGSEGV", "si_addr: 0x") + "Resident Set Size: 99999999999999999K (peak: K)\n";
        for (int i = 0; i < 500; i++) {
            StringBuilder damaged = new StringBuilder(log);
            for (int j = 0; j < 8; j++) {
                damaged.setCharAt(random.nextInt(damaged.length()), (char) (32 + random.nextInt(90)));
            }
            damaged.setLength(1 + random.nextInt(damaged.length()));
            DeathCause cause = left(random.nextInt(256)).log(damaged.toString()).cause();
            assertThat(cause.kind()).isIn(DeathKind.NATIVE_CRASH, DeathKind.JVM_CRASH, DeathKind.KILLED);
        }
    }
}
