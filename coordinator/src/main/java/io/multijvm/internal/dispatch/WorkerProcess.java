// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.CrashReport;
import io.multijvm.failure.FailureKind;
import io.multijvm.internal.death.Circumstances;
import io.multijvm.internal.death.LifeSigns;
import io.multijvm.internal.result.Printed;
import io.multijvm.wire.mapped.OutputRange;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The process of one incarnation, as the dispatcher sees it. {@code pid}, {@code terminate} and {@code kill} never block and may be called twice. */
public interface WorkerProcess {
    long pid();

    /** Bytes of its memory that are resident now; empty where that cannot be read. Reads a file: not for the loop. */
    OptionalLong residentBytes();

    /** Whether it gets on; empty where that cannot be read. Reads files: not for the loop. */
    Optional<LifeSigns> lifeSigns();

    /** Asks it to end (SIGTERM). */
    void terminate();

    /** Ends it and its descendants (SIGKILL). */
    void kill();

    /** As {@link #kill}, of one that does not come up: {@link #whereItStood} can tell then. Never blocks. */
    void killWithStacks();

    /** The frames of its main thread when it did not come up, innermost first, as far as known. Reads files: not for the loop. */
    List<String> whereItStood();
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

    /** What its parent saw it end with; 0 if all was well. Called after it was reaped. */
    default int exitStatus() {
        return 0;
    }

    /** Why it died, from what it left on disk. Reads files: not for the loop. Called after it was reaped. */
    Death diagnose(Circumstances known);

    /** Why it never said hello, with the JVM's own words. Reads files: not for the loop. Called after it was reaped. */
    String whyNotStarted();

    /** Nothing more will be asked: deletes its files. Not for the loop. Called after it was reaped. */
    void forget();

    /** A death explained. */
    record Death(CrashReport report) {
        /** For the item's failure. */
        public FailureKind kind() {
            return report.kind().failureKind();
        }

        /** The same with this verdict. */
        Death judged(String verdict) {
            return new Death(report.judged(verdict));
        }

        /** The same with this advice. */
        Death advised(String nextStep) {
            return new Death(report.advised(nextStep));
        }

        /** The same, where the item ran an item of its own call when its worker died. */
        Death inNested(int depth, long index) {
            return new Death(report.inWords(report.what() + ", while it ran item " + index
                    + " of a call that it had made itself" + (depth > 1 ? ", " + depth + " calls deep" : "")));
        }
    }
}
