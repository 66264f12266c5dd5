// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.child;

import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How a process has ended.
 *
 * @param exitCode as a parent in Python is told it: negative for a signal
 * @param report why, where the code is not 0; else null
 */
record End(int exitCode, @Nullable CrashReport report) {
    static final End IN_ORDER = new End(0, null);

    private static final int SIGKILL = 9;
    private static final int KILLED_STATUS = 128 + SIGKILL;

    /**
     * Of a report in a pool's words: a process of its own may end itself as it likes.
     *
     * @param killed whether this JVM has killed it; its last words may be of an exit that its shutdown hooks had held up
     */
    static End of(CrashReport report, boolean killed) {
        boolean heldUp =
                killed && report.kind() == DeathKind.EXIT && report.exitCode().equals(OptionalInt.of(KILLED_STATUS));
        if (heldUp) {
            CrashReport told = with(
                    report,
                    DeathKind.ENDED,
                    "called System.exit, and was killed while its shutdown hooks ran",
                    OptionalInt.of(SIGKILL),
                    "Look for a hook that waits for something.");
            return new End(-SIGKILL, told);
        }
        int code = report.signal().isPresent()
                ? -report.signal().getAsInt()
                : report.exitCode().orElse(0);
        return new End(code, inWordsOfAProcess(report));
    }

    private static CrashReport inWordsOfAProcess(CrashReport report) {
        boolean itsOwnWish = report.kind() == DeathKind.EXIT || report.kind() == DeathKind.HALT;
        String nextStep = itsOwnWish
                ? "The process chose this code itself; where it should not have, look at its frames and its output."
                : report.nextStep()
                        .replace("; an item like this one will crash again", "")
                        .replace("until the pool is closed", "until the process is closed");
        return with(report, report.kind(), report.what(), report.signal(), nextStep);
    }

    private static CrashReport with(
            CrashReport report, DeathKind kind, String what, OptionalInt signal, String nextStep) {
        return new CrashReport(
                kind,
                report.at(),
                what,
                signal.isPresent() ? OptionalInt.empty() : report.exitCode(),
                signal,
                report.item(),
                report.worker(),
                report.memory(),
                report.nativeFrame(),
                report.javaFrames(),
                report.lastOutput(),
                report.files(),
                report.verdict(),
                nextStep);
    }
}
