// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One trial as it went.
 *
 * @param run from 1 on, within its setup and kind
 * @param fault that was put into it, or null
 * @param ending whether it reached its end
 * @param how it ended, in words; empty if as it should
 * @param beganMicros when its JVM was launched, in microseconds since 1970
 * @param wallSeconds from the launch of its JVM until its pool was closed, or until it was dead
 * @param results items with an outcome that arrived
 * @param measures what it says of itself; null unless it reached its end
 * @param cpuSeconds of all its JVMs from first to last; empty where the system does not tell
 * @param peakResidentBytes the largest sum over its JVMs that was seen; empty where the system does not tell
 * @param gcSeconds pauses of all its JVMs
 * @param jvmArguments of the JVM in which it ran
 */
record Trial(
        Setup setup,
        int run,
        boolean isWarmup,
        @Nullable FaultAt fault,
        Ending ending,
        String how,
        long beganMicros,
        double wallSeconds,
        long results,
        @Nullable TrialMeasures measures,
        OptionalDouble cpuSeconds,
        OptionalLong peakResidentBytes,
        double gcSeconds,
        List<String> jvmArguments) {

    /** Whether a trial reached its end. */
    enum Ending {
        FINISHED,
        /** Its JVM ended before it. */
        DIED,
        /** It took longer than the limit, and was ended. */
        TIMED_OUT,
        /** Its pool could not go on, or the trial could not begin. */
        BROKEN
    }

    Trial {
        jvmArguments = List.copyOf(jvmArguments);
        if (ending == Ending.FINISHED && measures == null) {
            throw new IllegalArgumentException("a trial that reached its end has measures");
        }
    }

    boolean isFinished() {
        return ending == Ending.FINISHED;
    }

    TrialMeasures finished() {
        if (measures == null) {
            throw new IllegalStateException("trial " + run + " of " + setup + " " + how);
        }
        return measures;
    }

    /** Until a worker began its first item, mean over the workers that had one; the JVM's own start is in it. */
    double startUpSeconds() {
        return finished().firstItemMicros().stream()
                .mapToDouble(micros -> (micros - beganMicros) / 1e6)
                .average()
                .orElse(0);
    }

    /** Until the last of the workers that had an item began its first. */
    double allBegunSeconds() {
        return finished().firstItemMicros().stream()
                .mapToDouble(micros -> (micros - beganMicros) / 1e6)
                .max()
                .orElse(0);
    }

    /** What is left of the wall time: per worker, not starting up and not in a task. */
    double transferSeconds() {
        return Math.max(0, wallSeconds - startUpSeconds() - finished().taskSeconds() / setup.workers());
    }

    /** Processor time of the worker JVMs; empty where there are none, or the system does not tell. */
    OptionalDouble workersCpuSeconds() {
        double own = finished().ownCpuSeconds();
        return setup.mode() == Mode.PROCESSES && cpuSeconds.isPresent() && own >= 0
                ? OptionalDouble.of(Math.max(0, cpuSeconds.getAsDouble() - own))
                : OptionalDouble.empty();
    }
}
