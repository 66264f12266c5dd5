// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.PoolListener;
import io.multijvm.WorkerEnd;
import io.multijvm.failure.CrashReport;
import io.multijvm.internal.death.Circumstances;
import io.multijvm.internal.death.EndReason;
import io.multijvm.internal.dispatch.DispatchEvent.Casualty;
import io.multijvm.wire.mapped.CorruptRingException;
import io.multijvm.wire.mapped.RecorderReader;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a worker whose process is gone and whose every word was heard: its committed results are taken, the item
 * at hand is blamed, the rest goes back, and the files that tell why are read aside from the loop. Owned by the event loop.
 */
final class Burial {
    private static final System.Logger LOG = System.getLogger(Burial.class.getName());

    private final EventLoop loop;
    private final InFlight inFlight;
    private final StartPolicy policy;
    private final Books books;
    private final Executor support;
    private final PoolSetup setup;
    private final Supplier<List<Casualty>> starved;
    private final Listener listener;
    private final LastCauses causes = new LastCauses();

    /** What comes of it. */
    interface Listener {
        /** An item's death is explained. From any thread. */
        void diagnosed(Casualty item, WorkerProcess.Death death);

        /** A worker's end is explained. From any thread. */
        void ended(PoolListener.Worker worker, WorkerEnd why, Optional<CrashReport> report);

        /** The worker with more heap that this item was to be begun again in came to nothing. From any thread. */
        void starved(Casualty item, String why);

        /** So many workers came to nothing, the last of them for these causes, that the pool cannot go on. From any thread. */
        void noWorkerLasts(String why, @Nullable Throwable cause);
    }

    /**
     * What follows for the place of the dead.
     *
     * @param mayBeFilled whether the pool may start another in it
     * @param costAnItem whether an item's fate hangs on how it died
     */
    record Consequence(boolean mayBeFilled, boolean costAnItem) {}

    /** @param starved takes the items that wait for a worker with more heap */
    Burial(
            EventLoop loop,
            InFlight inFlight,
            StartPolicy policy,
            Books books,
            Executor support,
            PoolSetup setup,
            Supplier<List<Casualty>> starved,
            Listener listener) {
        this.loop = loop;
        this.inFlight = inFlight;
        this.policy = policy;
        this.books = books;
        this.support = support;
        this.setup = setup;
        this.starved = starved;
        this.listener = listener;
    }

    /** All that is known of the dead, apart from the slot, which the next worker may have already. */
    private record Dead(
            String name,
            PoolListener.Worker worker,
            WorkerEnd why,
            @Nullable WorkerProcess process,
            @Nullable String refusal,
            Circumstances known,
            boolean said,
            RecorderReader.@Nullable Nested nested,
            boolean exitAwaited,
            @Nullable InitDeath init) {

        static Dead of(Slot slot) {
            return new Dead(
                    slot.name(),
                    Books.worker(slot),
                    slot.ending != null ? slot.ending : slot.said ? WorkerEnd.DIED : WorkerEnd.NOT_STARTED,
                    slot.process,
                    slot.refusal,
                    known(slot),
                    slot.said,
                    slot.recorder == null ? null : slot.recorder.nested(),
                    slot.exitAwaited,
                    InitDeath.of(slot));
        }

        /** Why its start came to nothing, if it did. */
        StartPolicy.Cause causeIfFruitless() {
            if (!said) {
                return StartPolicy.Cause.NEVER_UP;
            }
            return init == null ? StartPolicy.Cause.DIED_IDLE : StartPolicy.Cause.NOT_INITIALISED;
        }

        private static Circumstances known(Slot slot) {
            return new Circumstances(
                    Instant.now(),
                    CrashReport.Item.NONE,
                    new CrashReport.Worker(
                            slot.number, slot.inPlace, slot.process == null ? 0 : slot.process.pid(), slot.done),
                    slot.recorder == null ? 0 : Math.max(0, slot.recorder.heapUsed()), // its own word
                    Math.max(0, slot.maxHeapBytes),
                    slot.recorder == null ? "" : slot.recorder.lastWords().strip(),
                    slot.said,
                    slot.reason);
        }

        /** As the death of an item. */
        WorkerProcess.Death diagnose(WorkerProcess process, Casualty item) {
            WorkerProcess.Death death = process.diagnose(
                    known.of(CrashReport.Item.of(item.index(), item.attempt(), Optional.ofNullable(item.ran()))));
            return nested == null ? death : death.inNested(nested.depth(), nested.index());
        }

        /** As a death while no item ran. */
        WorkerProcess.Death diagnose(WorkerProcess process) {
            return process.diagnose(known);
        }
    }

    /** Empties the slot. If it may not be filled again the listener hears why. */
    Consequence bury(Slot slot) {
        drain(slot);
        boolean expected = slot.ending != null;
        Dead dead = Dead.of(slot);
        List<Casualty> casualties = inFlight.clear(slot, loop.now());
        boolean fruitless = !expected && !slot.useful && casualties.isEmpty();
        // the others do not suffer for one with more heap than can be had: they are another kind
        boolean larger = slot.larger;
        List<Casualty> starving = fruitless && larger ? starved.get() : List.of();
        if (fruitless && !larger) {
            policy.fruitless(dead.causeIfFruitless());
        } else if (slot.useful || !casualties.isEmpty()) {
            policy.worked();
        }
        if (!expected) {
            books.died();
        }
        boolean tooMany = !expected && !larger && policy.exhausted();
        slot.toEmpty();
        // reading the files takes time, and the slot need not wait for it; who waits for the pool's end does
        books.news().findsOut();
        support.execute(() -> {
            try {
                explain(dead, casualties);
                if (fruitless && larger) {
                    tell(dead, starving);
                } else if (fruitless) {
                    explainStart(dead, tooMany);
                }
                if (dead.process != null) {
                    dead.process.forget();
                }
            } finally {
                books.news().foundOut();
            }
        });
        return new Consequence(!tooMany, !casualties.isEmpty());
    }

    private void drain(Slot slot) {
        try {
            while (inFlight.drain(slot)) {
                // to the end: nothing more is written
            }
        } catch (CorruptRingException e) {
            slot.reason = new EndReason.CorruptResults(String.valueOf(e.getMessage()));
        }
    }

    private void explain(Dead dead, List<Casualty> casualties) {
        CrashReport report = null;
        for (Casualty item : casualties) {
            if (dead.process == null) {
                throw new AssertionError("an item ran in a worker that was never launched: " + item.index());
            }
            WorkerProcess.Death death = dead.diagnose(dead.process, item);
            report = death.report();
            listener.diagnosed(item, death);
        }
        if (dead.exitAwaited && dead.process != null) {
            LOG.log(
                    Level.WARNING,
                    dead.name + " did not end its exit function: it "
                            + dead.diagnose(dead.process).report().what());
        }
        boolean failed = dead.why == WorkerEnd.DIED || dead.why == WorkerEnd.NOT_STARTED;
        if (report == null && failed && dead.process != null) {
            report = dead.diagnose(dead.process).report();
        }
        listener.ended(dead.worker, dead.why, Optional.ofNullable(report));
    }

    private void explainStart(Dead dead, boolean tooMany) {
        if (dead.init != null && dead.process != null) {
            notInitialised(dead.init, dead, dead.process, tooMany);
        } else {
            notLasting(dead, tooMany);
        }
    }

    /** Of the worker with more heap. */
    private void tell(Dead dead, List<Casualty> starving) {
        WorkerProcess process = dead.process;
        String why = dead.init != null && process != null
                ? dead.init.explain(setup, () -> dead.diagnose(process)).what()
                : why(dead);
        starving.forEach(item -> listener.starved(item, why));
    }

    private void notInitialised(InitDeath init, Dead dead, WorkerProcess process, boolean tooMany) {
        InitDeath.Why why = init.explain(setup, () -> dead.diagnose(process));
        causes.add(why.what());
        if (tooMany) {
            listener.noWorkerLasts(causes.after(why.what()), why.cause());
        } else {
            LOG.log(Level.WARNING, why.what() + "; another worker is started in its place");
        }
    }

    private void notLasting(Dead dead, boolean tooMany) {
        String why = why(dead);
        causes.add(why);
        if (tooMany) {
            listener.noWorkerLasts(causes.after(why), null);
        }
    }

    /** Of one that never came up. */
    private static String whereItStood(Dead dead) {
        List<String> frames = dead.said || dead.process == null ? List.of() : dead.process.whereItStood();
        return frames.isEmpty()
                ? ""
                : frames.stream().collect(Collectors.joining("\n  at ", "; its main thread stood\n  at ", ""))
                        + "\n  Look at what it waits for there, or give it more time with startupTimeout.";
    }

    private static String why(Dead dead) {
        if (dead.refusal != null) {
            return dead.name + " cannot be used: " + dead.refusal + whereItStood(dead);
        }
        if (dead.process == null) {
            return dead.name + " could not be launched";
        }
        if (!dead.said) {
            return dead.process.whyNotStarted();
        }
        return dead.name + " died before it had begun an item: "
                + dead.diagnose(dead.process).report().what();
    }
}
