// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.CrashReport;
import io.multijvm.failure.FailureKind;
import io.multijvm.internal.result.Printed;
import io.multijvm.wire.mapped.OutputRange;
import java.util.OptionalLong;

/** The process of one incarnation, as the dispatcher sees it. {@code pid}, {@code terminate} and {@code kill} never block and may be called twice. */
public interface WorkerProcess {
    long pid();

    /** Bytes of its memory that are resident now; empty where that cannot be read. Reads a file: not for the loop. */
    OptionalLong residentBytes();

    /** Asks it to end (SIGTERM). */
    void terminate();

    /** Ends it and its descendants (SIGKILL). */
    void kill();

    /** What an item wrote that has ended; it is read when somebody wants to know. Does nothing else, so also on the loop. */
    default Printed printed(OutputRange range, boolean failed) {
        return Printed.NOTHING;
    }

    /**
     * What the item wrote that it died of, from the beginning of that range to the end. From then on its last output is that
     * item's. Does nothing else, so also on the loop. Called after it was reaped.
     */
    default Printed printedLast(OutputRange range) {
        return Printed.NOTHING;
    }

    /** Why it died, from what it left on disk. Reads files: not for the loop. Called after it was reaped. */
    Death diagnose(Blame blame);

    /** Why it never said hello, with the JVM's own words. Reads files: not for the loop. Called after it was reaped. */
    String whyNotStarted();

    /** Nothing more will be asked: deletes its files. Not for the loop. Called after it was reaped. */
    void forget();

    /**
     * What the dispatcher knows of a death.
     *
     * @param slot its place in the pool; -1 for a standby
     * @param incarnation how many processes that place has had, this one included
     * @param index of the blamed item, if one was running
     * @param attempt how often that item had been begun
     * @param maxHeapBytes what the JVM really had; 0 if it never said
     * @param lastWords what it left in the recorder
     * @param refusal why it was not to be trusted any more and had to be ended; empty if it was not so
     */
    record Blame(
            int slot,
            int incarnation,
            OptionalLong index,
            int attempt,
            long maxHeapBytes,
            String lastWords,
            String refusal) {}

    /**
     * A death explained.
     *
     * @param kind for the item's failure
     * @param report all that is known
     */
    record Death(FailureKind kind, CrashReport report) {
        /** The same, where the item ran an item of its own call when its worker died. */
        Death inNested(int depth, long index) {
            String what = report.what() + ", while it ran item " + index + " of a call that it had made itself"
                    + (depth > 1 ? ", " + depth + " calls deep" : "");
            return new Death(
                    kind,
                    new CrashReport(
                            what,
                            report.exitCode(),
                            report.signal(),
                            report.index(),
                            report.attempt(),
                            report.slot(),
                            report.incarnation(),
                            report.pid(),
                            report.nativeFrame(),
                            report.javaFrames(),
                            report.lastOutput(),
                            report.files(),
                            report.nextStep()));
        }
    }
}
