// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.DeathKind;
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
 *                                   --> waits for more heap       (it ran out of heap, and the pool has a worker for that)
 *                                   --> failed                    (nothing keeps dead letters)
 *                                   --> being kept --> failed     (a support thread writes it down first)
 * waits for more heap -- no such worker can be had --> failed, or being kept
 * --> dropped                   (its call was cancelled, or its time is over)
 * </pre>
 */
final class Quarantine {
    private static final String RAISE_RETRY_HEAP =
            "Raise retryHeap (--retry-heap), or let the task hold less of its item in memory at a time.";

    private static final String LOWER_RETRY_HEAP =
            "Ask for a retryHeap (--retry-heap) that this machine or container can give, or let the task hold less of"
                    + " its item in memory at a time.";

    private final Executor support;
    private final long retryHeapBytes;
    private final @Nullable DeadLetters letters;
    private final Consumer<DispatchEvent> events;
    private final Consumer<CallState> touched;

    /**
     * @param retryHeapBytes of the worker in which an item is begun again that ran out of heap; 0 for no such worker
     * @param letters keeps what is not begun again; null for nobody
     * @param events takes what is said from other threads
     * @param touched told of every call that its receiver must look at
     */
    Quarantine(
            Executor support,
            long retryHeapBytes,
            @Nullable DeadLetters letters,
            Consumer<DispatchEvent> events,
            Consumer<CallState> touched) {
        this.support = support;
        this.retryHeapBytes = retryHeapBytes;
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
        boolean outOfHeap = death.report().kind() == DeathKind.OUT_OF_HEAP;
        if (outOfHeap && call.hungry.has(item.index())) {
            giveUp(item, death.advised(RAISE_RETRY_HEAP), ranOutTwice(call, item.index()));
            return;
        }
        boolean again = outOfHeap && retryHeapBytes > 0 && call.reruns.retryWithMoreHeap(item);
        if (!again && !call.reruns.retry(item.block(), item.index(), death.kind())) {
            giveUp(item, death, "");
        }
    }

    /** The worker with more heap that the item waited for cannot be had. */
    void starved(Casualty item, String why) {
        CallState call = item.call();
        touched.accept(call);
        if (call.cancelled()) {
            call.drop(item.block(), item.index());
            return;
        }
        WorkerProcess.Death ranOut = outOfHeap(call, item.index()).findFirst().orElseThrow();
        giveUp(
                item,
                ranOut.advised(LOWER_RETRY_HEAP),
                "it was to be begun again with a heap of " + mebibytes(retryHeapBytes)
                        + " (retryHeap), but that worker could not be had: "
                        + why.lines().findFirst().orElse(""));
    }

    private String ranOutTwice(CallState call, long index) {
        long before = outOfHeap(call, index)
                .findFirst()
                .orElseThrow()
                .report()
                .memory()
                .heapMax();
        return "ran out of heap with " + mebibytes(before) + ", and again, alone, with the " + mebibytes(retryHeapBytes)
                + " of retryHeap";
    }

    private static Stream<WorkerProcess.Death> outOfHeap(CallState call, long index) {
        return call.attempts.deathsOf(index).stream()
                .filter(death -> death.report().kind() == DeathKind.OUT_OF_HEAP);
    }

    private static String mebibytes(long bytes) {
        return ((bytes + (1 << 19)) >> 20) + " MiB";
    }

    /** It is not begun again: it has failed, once it is kept where somebody keeps such items. */
    private void giveUp(Casualty item, WorkerProcess.Death death, String reason) {
        CallState call = item.call();
        String fate = call.attempts.quarantined(item.index())
                ? "quarantined, for it has killed " + workers(call.attempts.killedBy(item.index())) + " (crash limit "
                        + call.settings.crashLimit() + ")"
                : "";
        WorkerProcess.Death last = death.judged(joined(death.report().verdict(), reason, fate));
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
