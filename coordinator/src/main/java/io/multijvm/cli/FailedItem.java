// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.failure.CrashReport;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.ItemOutput;
import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.RemoteTaskException;
import io.multijvm.task.Outcome;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An item without a result, as the user is told of it.
 *
 * @param item in the words of its source: {@code number 37}
 * @param message the task's own exception where it is one, else all that we know; may have several lines
 * @param crash what is known of its worker's death, if that was the reason
 * @param output what it had written
 */
record FailedItem(
        long index,
        String item,
        FailureKind kind,
        String message,
        int attempts,
        Optional<Crash> crash,
        ItemOutput output) {

    /**
     * A worker's death.
     *
     * @param effect on all but the item
     * @param repeat words of the command that runs the item alone; none where no command can name it
     */
    record Crash(CrashReport report, String effect, List<String> repeat) {
        Crash {
            repeat = List.copyOf(repeat);
        }
    }

    static FailedItem of(Outcome.Failure<Object, ?> failure, Items items, Aftermath aftermath) {
        return new FailedItem(
                failure.index(),
                items.describe(failure.index(), failure.item()),
                failure.kind(),
                messageOf(failure.error()),
                failure.attempts(),
                failure.error().report().map(report -> aftermath.of(report, failure)),
                failure.error().output());
    }

    /** What to tell of a failure: the task's own exception where it is one, else all that we know. */
    static String messageOf(MultijvmException error) {
        Throwable cause = error.getCause();
        if (error.kind() != FailureKind.TASK || cause == null) {
            return Objects.requireNonNullElse(error.getMessage(), error.toString());
        }
        // Its message already begins with the class that the task threw.
        return cause instanceof RemoteTaskException && cause.getMessage() != null
                ? cause.getMessage()
                : cause.toString();
    }
}
