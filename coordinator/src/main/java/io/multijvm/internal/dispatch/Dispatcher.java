// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.PoolListener;
import io.multijvm.PoolStats;
import io.multijvm.Progress;
import io.multijvm.WorkerEnd;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.PayloadException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.News;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.death.EndReason;
import io.multijvm.internal.result.AnswerFuture;
import io.multijvm.wire.mapped.CorruptRingException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides what runs where, and what becomes of it. All state is owned by the event loop: callers, feeders, processes and
 * workers only post events, which are handled one after the other; at the end of each turn work is given out, messages are
 * flushed and whoever waits is woken, so that what came together also goes together.
 *
 * <p>Who speaks is heard by {@link CallerDesk}, {@link OwnerDesk}, {@link ProcessReports} and {@link WorkerReports}; here they
 * are put together, and turns are made. What any thread may do comes first.
 */
public final class Dispatcher implements CallDesk {
    private final EventLoop loop;
    private final Executor support;
    private final Books books;
    private final Dismissal dismissal;
    private final Crew crew;
    private final Stopper stopper;
    private final CallsInHand calls;
    private final WorkGiver work;
    private final Upkeep upkeep;
    private final Deadlines deadlines;
    private final MemoryWatch memory;
    private final HungWorkers hung;
    private final MemoryGuard guard;
    private final PoolLife life;
    private final DispatchEvent.Switch handlers;
    /** Calls that something happened to in this turn. Owned by the loop. */
    private final Set<CallState> touched = new LinkedHashSet<>();
    /** By any thread; handled in the next turn. */
    private final Queue<DispatchEvent> posted = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean turnDue = new AtomicBoolean();

    /**
     * @param plan of the workers
     * @param loop owns everything here
     * @param support for what must not run on the loop: reading a dead worker's files
     * @param starter makes processes
     * @param setup what each worker gets beside items
     * @param news told of what happens
     */
    public Dispatcher(
            CrewPlan plan, EventLoop loop, Executor support, WorkerStarter starter, PoolSetup setup, News news) {
        this.loop = loop;
        this.support = support;
        this.books = new Books(news);
        Launching launching = new Launching(loop, starter, plan.startupTimeout(), this::onLoop);
        this.dismissal = new Dismissal(loop, setup, this::onLoop);
        InFlight inFlight = new InFlight(touched::add);
        NestedCalls nested = new NestedCalls(inFlight, touched::add);
        MemoryFloor floor = new MemoryFloor(
                loop,
                support,
                plan.memory().floorBytes(),
                starter::availableMemory,
                this::outstanding,
                nested::engaged,
                this::turnSoon);
        this.crew = new Crew(
                plan,
                loop,
                launching,
                dismissal,
                books,
                this::outstanding,
                this::waitsFor,
                this::anyHungry,
                floor,
                this::turnSoon);
        this.upkeep = new Upkeep(setup, loop, crew, dismissal, support);
        Clock clock = new Clock();
        TimeLimits limits = new TimeLimits(loop, inFlight, clock);
        this.stopper = new Stopper(loop, crew.slots, nested, touched::add);
        this.calls = new CallsInHand(crew, nested, stopper, touched::add);
        this.work = new WorkGiver(loop, crew, calls, inFlight, limits, nested, floor, touched::add, this::turnSoon);
        this.deadlines = new Deadlines(loop, crew.slots, inFlight, stopper, touched::add, clock);
        this.memory =
                new MemoryWatch(loop, support, crew.slots, plan.recycling().memoryBytes(), this::recycle);
        this.guard = new MemoryGuard(loop, support, crew.slots, plan.memory().limitBytes(), new Limit(plan.memory()));
        this.hung = new HungWorkers(loop, support, crew.slots, dismissal, plan.watched());
        this.life = new PoolLife(calls, work, crew, books, support, this::turnSoon);
        NestedDesk nestedDesk = new NestedDesk(nested, calls, stopper, books, touched::add, life);
        Burial burial = new Burial(loop, inFlight, crew.policy, books, support, setup, calls::starve, new Mourner());
        this.handlers = new DispatchEvent.Switch(
                new CallerDesk(calls, stopper, deadlines, crew, books, life, touched::add),
                new OwnerDesk(life, crew, calls, upkeep, books),
                new ProcessReports(
                        launching,
                        dismissal,
                        burial,
                        crew,
                        stopper,
                        books,
                        new Quarantine(
                                support, plan.memory().retryHeapBytes(), setup.letters(), this::post, touched::add)),
                new WorkerReports(
                        inFlight,
                        upkeep,
                        dismissal,
                        nestedDesk,
                        books,
                        new LogDesk(loop, support),
                        event -> loop.execute(() -> onLoop(event))));
    }

    /** How the pool is for its own tasks; before {@link #start}. */
    public Dispatcher nesting(CallSettings calls, List<String> allowed) {
        upkeep.nesting(calls, allowed);
        return this;
    }

    /** Starts the workers; returns at once. */
    public void start() {
        turnSoon();
    }

    // ---- from any thread

    @Override
    public void submit(CallState call) {
        call.submittedAt = loop.now();
        Progress listener = call.settings.progress();
        if (listener != null) {
            call.watch.listen(call, listener, loop, support);
        }
        post(new CallEvent.Submitted(call));
    }

    @Override
    public void broadcast(CallState call, byte[] item, int largeFrom) {
        submit(call);
        post(new CallEvent.ForEachSlot(call, item, largeFrom));
    }

    @Override
    public void encoded(CallState call, ItemBlock block) {
        tell(new CallEvent.Encoded(call, block));
    }

    @Override
    public void notEncoded(CallState call, long index, PayloadException why) {
        tell(new CallEvent.NotEncoded(call, index, why));
    }

    @Override
    public void inputEnded(CallState call, @Nullable Throwable failure) {
        tell(new CallEvent.InputEnded(call, failure));
    }

    @Override
    public void taken(CallState call, int items, long bytes) {
        tell(new CallEvent.Taken(call, items, bytes));
    }

    @Override
    public void cancel(CallState call, boolean byForce) {
        tell(new CallEvent.CancelCall(call, byForce));
    }

    @Override
    public void cancel(CallState call, AnswerFuture<?> future) {
        tell(new CallEvent.CancelItem(call, future));
    }

    @Override
    public void letRun(CallState call) {
        tell(new CallEvent.LetRun(call, null));
    }

    @Override
    public void letRun(CallState call, AnswerFuture<?> future) {
        tell(new CallEvent.LetRun(call, future));
    }

    /** A value is shared no more. */
    public void unshare(long home, long id) {
        tell(new OwnerEvent.Unshared(home, id));
    }

    /** More workers, or fewer: those that are too many finish what they run. */
    public void resize(int workers) {
        post(new OwnerEvent.Order(them -> them.resize(workers)));
    }

    /** Every worker is replaced once it has finished what it runs; what is submitted later runs in new ones. */
    public void restart() {
        post(new OwnerEvent.Order(Crew::restart));
    }

    /** Whether no worker can be had any more. From any thread. */
    public boolean isBroken() {
        return life.isBroken();
    }

    /**
     * One of several users has no new work, and the pool stays for the others.
     *
     * @param owner of that user's calls
     * @param now drop and end what it has, else finish that
     * @return completes when nothing of it waits or runs
     */
    public CompletableFuture<@Nullable Void> leave(Object owner, boolean now) {
        CompletableFuture<@Nullable Void> left = new CompletableFuture<>();
        post(new OwnerEvent.UserLeaves(owner, now, left));
        return left;
    }

    /** The pool as it is now, or as it was at its end. Waits for the loop's turn, which is short. */
    public PoolStats stats() {
        PoolStats last = life.atTheEnd();
        if (last != null) {
            return last;
        }
        if (loop.inLoop()) {
            return books.stats(crew, calls.outstanding());
        }
        CompletableFuture<PoolStats> answer = new CompletableFuture<>();
        try {
            post(new OwnerEvent.Asked(answer));
        } catch (RejectedExecutionException e) {
            return Objects.requireNonNull(life.atTheEnd(), "the loop ends after the pool");
        }
        // a loop that ends just now may not come to it
        CompletableFuture.anyOf(answer, life.stopped()).join();
        last = life.atTheEnd();
        return last != null ? last : answer.join();
    }

    @Override
    public CompletableFuture<@Nullable Void> stop(boolean now) {
        post(new OwnerEvent.Closing(now));
        return life.stopped();
    }

    private void post(DispatchEvent event) {
        posted.add(event);
        turnSoon();
    }

    /** What is said of a call that may be over: the loop ends after the pool, and with that every call has ended. */
    private void tell(DispatchEvent event) {
        try {
            post(event);
        } catch (RejectedExecutionException e) {
            // then it matters to nobody
        }
    }

    private void turnSoon() {
        if (turnDue.compareAndSet(false, true)) {
            try {
                loop.execute(this::turn);
            } catch (RejectedExecutionException e) {
                // the next who asks is to hear of the end too
                turnDue.set(false);
                throw e;
            }
        }
    }

    // ---- on the loop

    /** An event that arises on the loop is handled at once, in its order with others of its source. */
    private void onLoop(DispatchEvent event) {
        event.to(handlers);
        turnSoon();
    }

    private void turn() {
        turnDue.set(false);
        for (DispatchEvent event = posted.poll(); event != null; event = posted.poll()) {
            event.to(handlers);
        }
        if (life.goesOn()) {
            boolean wanted = life.isOpen() || !calls.quiet();
            crew.tend(wanted && !crew.policy.exhausted(), life.isOpen());
            work.giveOut();
            memory.turn();
            hung.turn();
            guard.turn();
            if (crew.noticeDue()) {
                turnSoon();
            }
        }
        for (CallState call : touched) {
            call.publish();
            call.sink.turnEnded();
            if (call.over()) {
                forget(call);
            }
        }
        touched.clear();
        life.advance();
    }

    private void forget(CallState call) {
        calls.remove(call);
        deadlines.forget(call);
        if (!life.isStopped()) {
            call.watch.end(support);
        }
    }

    private long outstanding() {
        return calls.outstanding();
    }

    private boolean waitsFor(int place) {
        return calls.waitsFor(place);
    }

    private boolean anyHungry() {
        return calls.anyHungry();
    }

    private void recycle(Slot slot) {
        crew.tooLarge(slot);
        turnSoon();
    }

    /** Brings what is found out about the dead back to the loop. */
    private final class Mourner implements Burial.Listener {
        @Override
        public void diagnosed(DispatchEvent.Casualty item, WorkerProcess.Death death) {
            post(new ProcessEvent.Diagnosed(item, death));
        }

        @Override
        public void ended(PoolListener.Worker worker, WorkerEnd why, Optional<CrashReport> report) {
            Consumer<PoolListener> what = listener -> listener.workerEnded(worker, why, report);
            if (report.isPresent()) {
                books.news().tellDeath(what);
            } else {
                books.news().tell(what);
            }
        }

        @Override
        public void starved(DispatchEvent.Casualty item, String why) {
            post(new ProcessEvent.Starved(item, why));
        }

        @Override
        public void noWorkerLasts(String why, @Nullable Throwable cause) {
            loop.execute(() -> {
                life.breakUp(why, cause);
                turnSoon();
            });
        }
    }

    /** Acts on what the look at memory found. */
    private final class Limit implements MemoryGuard.Listener {
        private final CrewPlan.Memory limits;

        Limit(CrewPlan.Memory limits) {
            this.limits = limits;
        }

        @Override
        public void isOverLimit(Slot slot, long residentBytes) {
            // it may have been on its way out in good order
            slot.ending = null;
            // ending it takes a moment, in which it must not come to the next item, that did nothing
            slot.assigned.forEach(chunk -> slot.recall(chunk, true));
            dismissal.end(slot, new EndReason.MemoryLimit(limits.limitBytes(), residentBytes, slot.maxHeapBytes));
            turnSoon();
        }

        @Override
        public void wasOverLimit(Slot slot) {
            crew.goesAtOnce(slot);
            turnSoon();
        }
    }

    /** Acts on what the look at the clock found. */
    private final class Clock implements TimeLimits.Listener {
        @Override
        public void timeIsOver(Slot slot, Chunk chunk, int position) {
            stopper.stopLateItem(slot, chunk, position);
        }

        @Override
        public void looked() {
            turnSoon();
        }

        @Override
        public void lied(Slot slot, CorruptRingException lie) {
            dismissal.lied(slot, lie);
        }
    }
}
