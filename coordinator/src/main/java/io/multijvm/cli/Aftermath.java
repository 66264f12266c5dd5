// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.failure.CrashReport;
import io.multijvm.task.Outcome;
import java.time.Duration;
import java.util.Optional;

/** What a run knows of a death beside its report: what became of the worker's place, and how the item is run alone. */
record Aftermath(Repeat repeat, DeathWatch deaths, Items items) {

    FailedItem.Crash of(CrashReport report, Outcome.Failure<Object, ?> failure) {
        Optional<Duration> replaced = deaths.replacedAfter(report);
        String effect = replaced.map(time -> "worker replaced in " + CrashBlock.time(time))
                        .orElse("its worker is replaced")
                + "; nothing else lost";
        return new FailedItem.Crash(report, effect, repeat.ofItem(items, failure.index(), failure.item()));
    }
}
