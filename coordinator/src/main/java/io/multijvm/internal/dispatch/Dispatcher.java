// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.PoolListener;
import io.multijvm.PoolStats;
import io.multijvm.Progress;
import io.multijvm.WorkerEnd;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.News;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.result.AnswerFuture;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.wire.mapped.CorruptRingException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Decides what runs where, and what becomes of it. All state is owned by the event loop: callers, feeders, processes and
 * workers only post events, which are handled one after the other; at the end of each turn work is given out, messages are
 * flushed and whoever waits is woken, so that what came together also goes together.
 *
 * <pre>
 * OPEN ---- close ----> CLOSING -- nothing waits or is out --> LEAVING -- all slots empty --> STOPPED
 * OPEN, CLOSING -- terminate, or no worker starts -----------> LEAVING
 * </pre>
 */
public final class Dispatcher implements CallDesk {
    private enum Phase {
        OPEN,
        CLOSING,
        LEAVING,
        STOPPED
    }

    private final EventLoop loop;
    private final PoolSetup setup;
    private final Executor support;
    private final Books books;
    private final Launching launching;
    private final Dismissal dismissal;
    private final Crew crew;
    private final InFlight inFlight;
    private final WorkGiver work;
    private final Burial burial;
    private final Upkeep upkeep;
    private final TimeLimits limits;
    private final NestedCalls nested;
    private final NestedDesk nestedDesk;
    private final Deadlines deadlines;
    private final MemoryWatch memory;
    private final Set<CallState> touched = new LinkedHashSet<>();
    private final Switch handlers = new Switch();
    private final CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();
    private Phase phase = Phase.OPEN;
    private CallSettings nestedDefaults = CallSettings.DEFAULTS;
    private List<String> nestedAllow = List.of();
    /** Users who leave while the pool stays. */
    private final List<DispatchEvent.UserLeaves> leaving = new ArrayList<>();
    /** Written by the loop alone. */
    private volatile @Nullable PoolBrokenException broken;

    /** How the pool was when it ended; from then on nobody may be there to ask. */
    private volatile @Nullable PoolStats atTheEnd;

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
        this.setup = setup;
        this.support = support;
        this.books = new Books(news);
        this.launching = new Launching(loop, starter, plan.startupTimeout(), this::onLoop);
        this.dismissal = new Dismissal(loop, setup, this::onLoop);
        this.crew =
                new Crew(plan, loop, launching, dismissal, books, this::outstanding, this::waitsFor, this::turnSoon);
        this.upkeep = new Upkeep(setup, loop, crew, dismissal, support);
        this.inFlight = new InFlight(touched::add);
        Clock clock = new Clock();
        this.limits = new TimeLimits(loop, inFlight, clock);
        this.nested = new NestedCalls(inFlight, touched::add);
        this.work = new WorkGiver(loop, crew, inFlight, limits, nested, touched::add, this::turnSoon);
        this.nestedDesk = new NestedDesk(nested, work, books, touched::add, new Nesters());
        this.deadlines = new Deadlines(loop, crew.slots, inFlight, work, touched::add, clock);
        this.memory =
                new MemoryWatch(loop, support, crew.slots, plan.recycling().memoryBytes(), this::recycle);
        this.burial = new Burial(inFlight, crew.policy, books, support, setup, new Mourner());
    }

    /** How the pool is for its own tasks; before {@link #start}. */
    public Dispatcher nesting(CallSettings calls, List<String> allowed) {
        nestedDefaults = calls;
        nestedAllow = List.copyOf(allowed);
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
        post(new DispatchEvent.Submitted(call));
    }

    @Override
    public void broadcast(CallState call, byte[] item, int largeFrom) {
        submit(call);
        post(new DispatchEvent.ForEachSlot(call, item, largeFrom));
    }

    @Override
    public void encoded(CallState call, ItemBlock block) {
        post(new DispatchEvent.Encoded(call, block));
    }

    @Override
    public void notEncoded(CallState call, long index, PayloadException why) {
        post(new DispatchEvent.NotEncoded(call, index, why));
    }

    @Override
    public void inputEnded(CallState call, @Nullable Throwable failure) {
        post(new DispatchEvent.InputEnded(call, failure));
    }

    @Override
    public void taken(CallState call, int items, long bytes) {
        post(new DispatchEvent.Taken(call, items, bytes));
    }

    @Override
    public void cancel(CallState call, boolean byForce) {
        post(new DispatchEvent.CancelCall(call, byForce));
    }

    @Override
    public void cancel(CallState call, AnswerFuture<?> future) {
        post(new DispatchEvent.CancelItem(call, future));
    }

    @Override
    public void letRun(CallState call) {
        post(new DispatchEvent.LetRun(call, null));
    }

    @Override
    public void letRun(CallState call, AnswerFuture<?> future) {
        post(new DispatchEvent.LetRun(call, future));
    }

    /** A value is shared no more. */
    public void unshare(long home, long id) {
        post(new DispatchEvent.Unshared(home, id));
    }

    /** More workers, or fewer: those that are too many finish what they run. */
    public void resize(int workers) {
        post(new DispatchEvent.Order(them -> them.resize(workers)));
    }

    /** Every worker is replaced once it has finished what it runs; what is submitted later runs in new ones. */
    public void restart() {
        post(new DispatchEvent.Order(Crew::restart));
    }

    /** Whether no worker can be had any more. From any thread. */
    public boolean isBroken() {
        return broken != null;
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
        post(new DispatchEvent.UserLeaves(owner, now, left));
        return left;
    }

    /** The pool as it is now, or as it was at its end. Waits for the loop's turn, which is short. */
    public PoolStats stats() {
        PoolStats last = atTheEnd;
        if (last != null) {
            return last;
        }
        if (loop.inLoop()) {
            return books.stats(crew, work.outstanding());
        }
        CompletableFuture<PoolStats> answer = new CompletableFuture<>();
        try {
            post(new DispatchEvent.Asked(answer));
        } catch (RejectedExecutionException e) {
            return Objects.requireNonNull(atTheEnd, "the loop ends after the pool");
        }
        // a loop that ends just now may not come to it
        CompletableFuture.anyOf(answer, stopped).join();
        last = atTheEnd;
        return last != null ? last : answer.join();
    }

    @Override
    public CompletableFuture<@Nullable Void> stop(boolean now) {
        post(new DispatchEvent.Closing(now, stopped));
        return stopped;
    }

    private void post(DispatchEvent event) {
        posted.add(event);
        turnSoon();
    }

    private void turnSoon() {
        if (turnDue.compareAndSet(false, true)) {
            loop.execute(this::turn);
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
        if (phase == Phase.OPEN || phase == Phase.CLOSING) {
            boolean wanted = phase == Phase.OPEN || !work.quiet();
            crew.tend(wanted && !crew.policy.exhausted(), phase == Phase.OPEN);
            work.giveOut();
            memory.turn();
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
        advance();
    }

    private void forget(CallState call) {
        work.remove(call);
        deadlines.forget(call);
        if (phase != Phase.STOPPED) {
            call.watch.end(support);
        }
    }

    private void letLeave() {
        if (leaving.isEmpty()) {
            return;
        }
        for (DispatchEvent.UserLeaves user : List.copyOf(leaving)) {
            if (work.quiet(user.owner())) {
                leaving.remove(user);
                work.left(user.owner());
                turnSoon();
                // dependents of this future must not run here
                support.execute(() -> user.left().complete(null));
            }
        }
    }

    private void advance() {
        letLeave();
        if (phase == Phase.CLOSING && work.quiet()) {
            phase = Phase.LEAVING;
            // a submit that raced with the close may post its item only now: it must hear that nobody will run it
            work.cancelAll(new CancellationException("the pool was closed"));
            crew.dismissAll();
        }
        if (phase == Phase.LEAVING && crew.allEmpty() && work.quiet()) {
            phase = Phase.STOPPED;
            work.close();
            atTheEnd = books.stats(crew, 0);
            // dependents of this future must not run here
            support.execute(() -> stopped.complete(null));
        }
    }

    private void stopEverything(Throwable why) {
        phase = Phase.LEAVING;
        work.cancelAll(why);
        crew.stopAll();
    }

    private void breakPool(String why, @Nullable Throwable cause) {
        if (phase == Phase.OPEN || phase == Phase.CLOSING) {
            PoolBrokenException failure = new PoolBrokenException(why, cause);
            broken = failure;
            books.news().tell(listener -> listener.poolBroken(failure));
            stopEverything(failure);
        }
    }

    private void bury(Slot slot) {
        work.stopNestedOf(slot);
        if (burial.bury(slot)) {
            crew.gone(slot);
        }
    }

    private long outstanding() {
        return work.outstanding();
    }

    private boolean waitsFor(int place) {
        return work.waitsFor(place);
    }

    private void recycle(Slot slot) {
        crew.tooLarge(slot);
        turnSoon();
    }

    private void mistrust(Slot slot, CorruptRingException lie) {
        slot.refusal = lie.getMessage();
        slot.kill();
        slot.toLeaving();
    }

    /** Brings what is found out about the dead back to the loop. */
    private final class Mourner implements Burial.Listener {
        @Override
        public void diagnosed(DispatchEvent.Casualty item, WorkerProcess.Death death) {
            post(new DispatchEvent.Diagnosed(item, death));
        }

        @Override
        public void ended(PoolListener.Worker worker, WorkerEnd why, Optional<CrashReport> report) {
            books.news().tell(listener -> listener.workerEnded(worker, why, report));
        }

        @Override
        public void noWorkerLasts(String why, @Nullable Throwable cause) {
            loop.execute(() -> {
                breakPool(why, cause);
                turnSoon();
            });
        }
    }

    /** Acts on what the look at the clock found. */
    private final class Clock implements TimeLimits.Listener {
        @Override
        public void timeIsOver(Slot slot, Chunk chunk, int position) {
            work.stopLateItem(slot, chunk, position);
        }

        @Override
        public void looked() {
            turnSoon();
        }

        @Override
        public void lied(Slot slot, CorruptRingException lie) {
            mistrust(slot, lie);
        }
    }

    /** What calls of tasks to their own pool need to know of it. */
    private final class Nesters implements NestedDesk.PoolState {
        @Override
        public @Nullable Throwable refusal() {
            // a task that runs is finished also while the pool closes, and so is what it asks for
            return phase == Phase.OPEN || phase == Phase.CLOSING
                    ? null
                    : broken != null ? broken : new CancellationException("the pool was closed");
        }

        @Override
        public void stop(boolean now) {
            handlers.closing(new DispatchEvent.Closing(now, stopped));
        }
    }

    /** What each event does. */
    private final class Switch implements DispatchEvent.Handlers {

        @Override
        public void submitted(DispatchEvent.Submitted e) {
            CallState call = e.call();
            touched.add(call);
            call.books = books;
            if (phase == Phase.OPEN) {
                work.add(call);
                deadlines.watch(call);
            } else {
                call.cancel(broken != null ? broken : new CancellationException("the pool was closed"));
            }
        }

        @Override
        public void forEachSlot(DispatchEvent.ForEachSlot e) {
            touched.add(e.call());
            if (e.call().reading()) {
                e.call().giveEachPlace(crew.size(), e.item(), e.largeFrom());
            }
        }

        @Override
        public void encoded(DispatchEvent.Encoded e) {
            touched.add(e.call());
            if (e.call().reading()) {
                e.call().accept(e.block());
            }
        }

        @Override
        public void notEncoded(DispatchEvent.NotEncoded e) {
            touched.add(e.call());
            if (e.call().reading()) {
                e.call().acceptFailed(RawOutcome.error(e.index(), 0, e.why()));
            }
        }

        @Override
        public void inputEnded(DispatchEvent.InputEnded e) {
            touched.add(e.call());
            if (e.call().reading()) {
                e.call().inputEnded(e.failure());
            }
        }

        @Override
        public void taken(DispatchEvent.Taken e) {
            e.call().taken(e.items(), e.bytes());
        }

        @Override
        public void cancelCall(DispatchEvent.CancelCall e) {
            touched.add(e.call());
            e.call().cancel(new CancellationException("cancelled"));
            work.stopWhatRuns(e.call(), e.byForce());
        }

        @Override
        public void cancelItem(DispatchEvent.CancelItem e) {
            work.stopItem(e.call(), e.future());
        }

        @Override
        public void letRun(DispatchEvent.LetRun e) {
            if (e.future() == null) {
                touched.add(e.call());
                e.call().cancel(new CancellationException("cancelled"));
            }
            work.takeBack(e.call(), e.future());
        }

        @Override
        public void unshared(DispatchEvent.Unshared e) {
            upkeep.unshared(crew.slots, e.home(), e.id());
        }

        @Override
        public void closing(DispatchEvent.Closing e) {
            if (e.now() && (phase == Phase.OPEN || phase == Phase.CLOSING)) {
                stopEverything(new CancellationException("the pool was terminated"));
            } else if (phase == Phase.OPEN) {
                phase = Phase.CLOSING;
                work.stopReading();
            } else if (e.now() && phase == Phase.LEAVING) {
                crew.stopAll();
            }
        }

        @Override
        public void userLeaves(DispatchEvent.UserLeaves e) {
            work.leave(e.owner(), e.now());
            leaving.add(e);
        }

        @Override
        public void asked(DispatchEvent.Asked e) {
            e.answer().complete(books.stats(crew, work.outstanding()));
        }

        @Override
        public void order(DispatchEvent.Order e) {
            if (phase == Phase.OPEN || phase == Phase.CLOSING) {
                e.what().accept(crew);
            }
        }

        @Override
        public void prepared(DispatchEvent.Prepared e) {
            launching.prepared(e);
        }

        @Override
        public void launched(DispatchEvent.Launched e) {
            launching.launched(e);
            if (Crew.current(e.slot(), e.incarnation())) {
                books.started(e.slot());
            }
        }

        @Override
        public void connected(DispatchEvent.Connected e) {
            if (Crew.current(e.slot(), e.incarnation()) && e.slot().state() == Slot.State.STARTING) {
                e.port().nestedSetup(nestedDefaults, nestedAllow, setup.seed());
                upkeep.connected(e.slot(), e);
            }
        }

        @Override
        public void refused(DispatchEvent.Refused e) {
            if (Crew.current(e.slot(), e.incarnation())) {
                e.slot().refusal = e.why();
                e.slot().kill();
            }
        }

        @Override
        public void doorbell(DispatchEvent.Doorbell e) {
            if (!Crew.current(e.slot(), e.incarnation())) {
                return;
            }
            try {
                if (inFlight.drain(e.slot())) {
                    loop.execute(() -> onLoop(e));
                }
            } catch (CorruptRingException lie) {
                mistrust(e.slot(), lie);
            }
        }

        @Override
        public void large(DispatchEvent.Large e) {
            if (!Crew.current(e.slot(), e.incarnation())) {
                return;
            }
            try {
                // what was committed before it comes first
                while (inFlight.drain(e.slot())) {
                    // until the ring is empty
                }
                inFlight.finish(e.slot(), e.chunkId(), e.position(), e.kind(), e.elapsedNanos(), e.bytes());
            } catch (CorruptRingException lie) {
                mistrust(e.slot(), lie);
            }
        }

        @Override
        public void givenBack(DispatchEvent.GivenBack e) {
            if (!Crew.current(e.slot(), e.incarnation())) {
                return;
            }
            try {
                inFlight.giveBack(e.slot(), e.chunkId(), e.end());
            } catch (CorruptRingException lie) {
                mistrust(e.slot(), lie);
            }
        }

        @Override
        public void nested(DispatchEvent.Nested e) {
            if (Crew.current(e.slot(), e.incarnation())) {
                nestedDesk.said(e.slot(), e.said());
            }
        }

        @Override
        public void initialised(DispatchEvent.Initialised e) {
            if (Crew.current(e.slot(), e.incarnation())) {
                upkeep.initialised(e.slot(), e.failure());
            }
        }

        @Override
        public void exitEnded(DispatchEvent.ExitEnded e) {
            if (Crew.current(e.slot(), e.incarnation())) {
                upkeep.exitEnded(e.slot(), e.failure());
            }
        }

        @Override
        public void wanted(DispatchEvent.Wanted e) {
            if (Crew.current(e.slot(), e.incarnation())) {
                upkeep.wanted(e.slot(), e.home(), e.id());
            }
        }

        @Override
        public void progressed(DispatchEvent.Progressed e) {
            Chunk chunk = Crew.current(e.slot(), e.incarnation()) ? inFlight.find(e.slot(), e.chunkId()) : null;
            // of an item whose outcome is known there is nothing more to say
            if (chunk != null && e.position() >= chunk.finished() && e.position() < chunk.size()) {
                long index = e.nestedIndex() < 0 ? chunk.indexAt(e.position()) : e.nestedIndex();
                books.progressed(e.slot(), index, e.fraction(), e.text());
            }
        }

        @Override
        public void disconnected(DispatchEvent.Disconnected e) {
            if (Crew.current(e.slot(), e.incarnation()) && !e.slot().streamEnded) {
                work.stopNestedOf(e.slot());
                dismissal.streamEnded(e.slot());
                buryIfGone(e.slot());
            }
        }

        @Override
        public void exited(DispatchEvent.Exited e) {
            if (Crew.current(e.slot(), e.incarnation()) && !e.slot().exited) {
                dismissal.exited(e.slot());
                buryIfGone(e.slot());
            }
        }

        private void buryIfGone(Slot slot) {
            if (slot.gone()) {
                bury(slot);
            }
        }

        @Override
        public void notLaunched(DispatchEvent.NotLaunched e) {
            if (Crew.current(e.slot(), e.incarnation())) {
                e.slot().refusal = "its process could not be started: " + e.why();
                bury(e.slot());
            }
        }

        @Override
        public void noRoom(DispatchEvent.NoRoom e) {
            if (Crew.current(e.slot(), e.incarnation())) {
                crew.noRoom(e.slot());
            }
        }

        @Override
        public void diagnosed(DispatchEvent.Diagnosed e) {
            DispatchEvent.Casualty item = e.casualty();
            CallState call = item.call();
            touched.add(call);
            call.sink.attempted(item.block(), item.worker(), -1, e.death().kind());
            if (!call.retry(item.block(), item.index(), e.death().kind())) {
                MultijvmException error =
                        new WorkerCrashedException(e.death().kind(), e.death().report());
                call.finish(item.block(), RawOutcome.error(item.index(), item.attempt(), error));
            }
        }
    }
}
