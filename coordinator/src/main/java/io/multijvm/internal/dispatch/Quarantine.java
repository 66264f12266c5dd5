// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.internal.dispatch.DispatchEvent.Casualty;
import io.multijvm.internal.result.RawOutcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an item whose death was explained. Owned by the event loop.
 *
 * <pre>
 * ran -- its worker died, explained --> waits to be begun again   (retries left, crash limit not reached)
 *                                   --> failed                    (nothing keeps dead letters)
 *                                   --> being kept --> failed     (a support thread writes it down first)
 * --> dropped                   (its call was cancelled, or its time is over)
 * </pre>
 */
final class Quarantine {
    private final Executor support;
    private final @Nullable DeadLetters letters;
    private final Consumer<DispatchEvent> events;
    private final Consumer<CallState> touched;

    /**
     * @param letters keeps what is not begun again; null for nobody
     * @param events takes what is said from other threads
     * @param touched told of every call that its receiver must look at
     */
    Quarantine(
            Executor support,
            @Nullable DeadLetters letters,
            Consumer<DispatchEvent> events,
            Consumer<CallState> touched) {
        this.support = support;
        this.letters = letters;
        this.events = events;
        this.touched = touched;
    }

    /** How the item died is known: it is begun again, or it has failed. */
    void judge(Casualty item, WorkerProcess.Death explained) {
        CallState call = item.call();
        touched.accept(call);
        WorkerProcess.Death death = call.attempts.judged(item.index(), explained);
        call.sink.attempted(item.block(), item.worker(), -1, death.kind(), item.printed());
        if (call.cancelled()) {
            call.drop(item.block(), item.index());
            return;
        }
        if (call.retry(item.block(), item.index(), death.kind())) {
            return;
        }
        String fate = call.attempts.quarantined(item.index())
                ? "quarantined, for it has killed " + workers(call.attempts.killedBy(item.index())) + " (crash limit "
                        + call.settings.crashLimit() + ")"
                : "";
        WorkerProcess.Death last = death.judged(joined(death.report().verdict(), fate));
        if (letters == null) {
            finish(item, last);
            return;
        }
        List<WorkerProcess.Death> deaths = call.attempts.deathsOf(item.index());
        DeadLetters.DeadItem dead =
                new DeadLetters.DeadItem(call.function, item.block(), item.index(), call.settings, deaths);
        support.execute(() -> {
            Optional<Path> kept = letters.keep(dead);
            String where = kept.map(path -> "to run it again alone: multijvm replay " + path)
                    .orElse("");
            events.accept(new ProcessEvent.GivenUp(
                    item, last.judged(joined(last.report().verdict(), where))));
        });
    }

    /** The item has failed for good. */
    void finish(Casualty item, WorkerProcess.Death death) {
        CallState call = item.call();
        touched.accept(call);
        if (call.cancelled()) {
            call.drop(item.block(), item.index());
            return;
        }
        call.finish(
                item.block(),
                RawOutcome.error(item.index(), item.attempt(), new WorkerCrashedException(death.report()))
                        .printed(item.printed()));
    }

    private static String workers(int count) {
        return count == 1 ? "a worker" : count + " workers";
    }

    private static String joined(String... parts) {
        return Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining("; "));
    }
}
