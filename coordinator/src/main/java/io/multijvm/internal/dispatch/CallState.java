// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.Progress;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.ItemCancelledException;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.internal.call.CallMeter;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.ProgressReports;
import io.multijvm.internal.chunk.ChunkSize;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.chunk.ItemCost;
import io.multijvm.internal.chunk.Slice;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.internal.result.RawRun;
import io.multijvm.internal.result.Sink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One call: what has come in, what waits, what is out, what is finished. Made by the caller's side; from its submission on
 * owned by the event loop, but for the gate.
 */
public final class CallState {
    /** Items beyond this do not join an adaptive chunk. */
    private static final long MOST_CHUNK_BYTES = 512 << 10;

    final long id;
    final byte[] function;
    final CallSettings settings;
    final Sink sink;
    final Gate gate;
    final ItemCost cost = new ItemCost();
    /** How many calls of tasks to their own pool stand above its items; 0 for one of this program's own. */
    int depth;

    private final Kind kind;
    /** Where what becomes of its items is counted; the pool's own once it was submitted. */
    Books books = Books.nobodys();

    /** Whether a consumer takes results one by one, so that what it has not taken counts against the window. */
    private final boolean lazy;

    private final boolean fed;
    /** Whose call it is, where several share a pool; set before it is submitted. */
    private @Nullable Object owner;
    /** How many items there will be; -1 while that is not known. */
    private long total;

    private final WaitingItems waiting;
    private final ReadAhead readAhead;
    final Attempts attempts;
    /** Those of its items that need more heap. */
    final HungryItems hungry = new HungryItems();

    /** Which of its items are begun again. */
    final Reruns reruns;

    final CallWatch watch = new CallWatch();
    /** Null where items may wait for ever. */
    final @Nullable QueueTimes queueTimes;

    private long givenIn;
    private long finished;
    private boolean inputEnded;
    private boolean cancelled;
    /** By the loop's clock; set by the thread that submits it, before the loop knows of it. */
    long submittedAt;

    EventLoop.@Nullable Timer deadline;

    /** Who gives items and who takes results. */
    public enum Kind {
        /** An input is read to its end; all results are kept together. */
        LIST,
        /** An input is read; a consumer takes the results one by one. */
        LAZY,
        /** Single tasks, as long as the pool is open, or until its input is said to have ended. */
        SUBMITS,
        /** One task for each slot; the loop makes the items. All results are kept together. */
        BROADCAST
    }

    /**
     * @param id unique in the pool
     * @param function encoded; crosses once a worker
     * @param sink receives the outcomes
     * @param gate where the feeder waits, if there is one
     * @param kind who gives items and who takes results
     * @param expected how many items there will be; -1 if that is not known
     */
    public CallState(long id, byte[] function, CallSettings settings, Sink sink, Gate gate, Kind kind, long expected) {
        this.id = id;
        this.function = function;
        this.settings = settings;
        this.sink = sink;
        this.gate = gate;
        this.kind = kind;
        this.lazy = kind == Kind.LAZY;
        this.fed = kind == Kind.LIST || kind == Kind.LAZY;
        this.total = expected;
        this.attempts = new Attempts(settings, id);
        this.reruns = new Reruns(this, attempts, hungry);
        this.queueTimes = settings.queueTimeout() == null ? null : new QueueTimes(settings.queueTimeout());
        this.readAhead = new ReadAhead(gate, settings, lazy);
        this.waiting = new WaitingItems(pendingFor(kind, fed && settings.affinity() != null), this::dropUnwanted);
    }

    private static Pending pendingFor(Kind kind, boolean byKey) {
        if (kind == Kind.BROADCAST) {
            return new OnePerSlot();
        }
        return byKey ? new Lanes() : new Pending.ForAnyone();
    }

    /** Belongs to that user of the pool, who may leave while others stay. Before it is submitted. */
    public CallState ownedBy(Object user) {
        owner = user;
        return this;
    }

    boolean isOwnedBy(Object user) {
        return owner == user;
    }

    /**
     * What was asked for, before it is handed in.
     *
     * @param gate where its feeder waits
     * @param sink receives the outcomes
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are handed on
    public record Asked(
            long id, byte[] function, CallSettings settings, Kind kind, long expected, Gate gate, Sink sink) {}

    /** What was asked for; where calls are passed on instead of dispatched. */
    public Asked asked() {
        return new Asked(id, function, settings, kind, total, gate, sink);
    }

    /** Where it is passed on: whoever listens to its progress hears of it. Before it is handed in. */
    public void heardBy(ProgressReports.Later later) {
        Progress listener = settings.progress();
        if (listener != null) {
            watch.listen(listener, later);
        }
    }

    /** Where it is passed on: how far it is; {@code total} is -1 while that is not known. By one thread. */
    public void cameTo(long finishedItems, long ofThemFailed, long totalItems) {
        watch.set(finishedItems, ofThemFailed, totalItems);
    }

    /** Where it is passed on: it is over. */
    public void ended(Executor support) {
        watch.end(support);
    }

    void accept(ItemBlock block) {
        givenIn += block.count();
        readAhead.holds(block.bytes());
        sink.accepted(block);
        if (cancelled) {
            finished += block.count();
            return;
        }
        if (queueTimes != null) {
            queueTimes.came(block);
        }
        waiting.addLast(Slice.of(block));
    }

    /** Whether input still counts; the feeder of a call that is over may not have heard of it yet. */
    boolean reading() {
        return !inputEnded;
    }

    /** An item that could not be encoded. */
    void acceptFailed(RawOutcome outcome) {
        givenIn++;
        finished++;
        watch.failed(1);
        books.ended(outcome);
        if (!cancelled) {
            sink.offer(ItemBlock.NONE, outcome);
        }
    }

    void inputEnded(@Nullable Throwable failure) {
        inputEnded = true;
        total = givenIn;
        if (!cancelled) {
            sink.inputEnded(givenIn, failure);
        }
    }

    /** Puts items back in front, in their order. */
    void putBack(List<Slice> slices) {
        if (queueTimes != null) {
            queueTimes.cameBack();
        }
        for (int i = slices.size() - 1; i >= 0; i--) {
            Slice slice = slices.get(i);
            if (cancelled) {
                finished += slice.size();
                sink.unbegun(slice.block());
            } else if (!hungry.takeBack(slice)) {
                waiting.addFirst(slice);
            }
        }
    }

    boolean hasPending() {
        return waiting.count() > 0;
    }

    /** Items that wait to be given to a worker. */
    long waiting() {
        return waiting.count() + hungry.waiting();
    }

    /** How items are kept apart for workers. */
    Pending pending() {
        return waiting.pending();
    }

    /** The next items to give to this worker, at most as many as one chunk should have and as are allowed, without a gap. */
    List<Slice> nextItems(Slot slot, long now, int workers, int allowed) {
        long here = waiting.count();
        if (here == 0) {
            return List.of();
        }
        long left = total < 0 ? here : here + Math.max(0, total - givenIn);
        int most = Math.min(allowed, ChunkSize.next(settings.chunkSize(), cost, left, workers));
        return waiting.next(slot, now, most, settings.chunkSize() > 0 ? Long.MAX_VALUE : MOST_CHUNK_BYTES);
    }

    /** Only a single task's future can be given up by itself, and its item is alone in its block. */
    boolean dropUnwanted(Slice slice) {
        if (!sink.unwanted(slice.block())) {
            return false;
        }
        drop(slice.block(), slice.firstIndex());
        return true;
    }

    /** An item has its outcome. */
    void finish(ItemBlock block, RawOutcome outcome) {
        finished++;
        books.ended(outcome);
        readAhead.turned(lengthOf(block, outcome.index()), outcome.length());
        forgetAttempts(outcome.index());
        if (outcome.isFailure()) {
            watch.failed(1);
        }
        if (cancelled) {
            outcome.release();
        } else {
            sink.offer(block, outcome);
        }
    }

    private void forgetAttempts(long index) {
        if (attempts.any()) {
            attempts.over(index);
            hungry.over(index);
        }
    }

    /** Consecutive items have their results. */
    void finish(List<Slice> items, RawRun run) {
        finished += run.count();
        books.ended(run.count());
        long itemBytes = 0;
        for (Slice slice : items) {
            itemBytes += slice.block().bytes(slice.from(), slice.to());
        }
        readAhead.turned(itemBytes, run.length());
        if (!cancelled) {
            sink.offer(run);
        }
    }

    /** How many items from this one on, so many at most, can be finished together: in blocks, and in their first attempt. */
    int alike(long index, int most) {
        if (!fed) {
            return 0;
        }
        return (int) Math.min(most, attempts.nextInVain(index) - index);
    }

    /** An item that nobody waits for any more is out of the way. */
    void drop(ItemBlock block, long index) {
        finished++;
        forgetAttempts(index);
        watch.dropped();
        readAhead.turned(lengthOf(block, index), 0);
        sink.dropped(block);
    }

    private static long lengthOf(ItemBlock block, long index) {
        return block.length((int) (index - block.firstIndex()));
    }

    /** An item was run aside, and whoever waits for it has its outcome. */
    void finishAside(ItemBlock block, long index, int attempt, long resultBytes, @Nullable FailureKind failure) {
        finished++;
        if (failure == null) {
            books.ended(1);
        } else {
            books.failed(index, attempt, failure);
            watch.failed(1);
        }
        readAhead.turned(lengthOf(block, index), resultBytes);
    }

    void taken(int items, long bytes) {
        readAhead.taken(items, bytes);
    }

    /** Drops what waits; what is out is the dispatcher's to stop. */
    void cancel(Throwable why) {
        if (cancelled) {
            return;
        }
        dropWaiting();
        sink.abandoned(why);
    }

    private void dropWaiting() {
        cancelled = true;
        gate.close();
        finished += waiting() + attempts.resting();
        attempts.forgetResting();
        hungry.forgetWaiting();
        waiting.forEach(slice -> sink.unbegun(slice.block()));
        waiting.clear();
    }

    /**
     * The call's time is over: what has no outcome has failed, and nothing more comes of it.
     *
     * @param overdue holds what is at workers
     */
    void expire(Duration limit, Overdue overdue) {
        overdue.addWhatWaits(waiting, attempts, hungry);
        watch.failed(overdue.count());
        watch.publish(finished + overdue.count(), inputEnded ? givenIn : total);
        overdue.fail(limit, attempts, sink);
        if (!inputEnded) {
            inputEnded = true;
            total = givenIn;
            sink.inputEnded(givenIn, TaskTimeoutException.ofCall(givenIn, limit, "the input had not been read so far"));
        }
        dropWaiting();
    }

    /** Tells those who look from outside how far this is. At the end of a turn. */
    void publish() {
        if (!cancelled) {
            long known = inputEnded ? givenIn : total;
            watch.publish(finished, known < 0 ? known : Math.max(known, givenIn));
        }
    }

    /** How far this is; for any thread. */
    public CallMeter meter() {
        return watch.meter();
    }

    /** What its listener is told by, if there is one; for the thread that submitted it. */
    public @Nullable ProgressReports reports() {
        return watch.reports();
    }

    /** One item for each place of the pool, all of the same bytes. */
    void giveEachPlace(int places, byte[] item, int largeFrom) {
        for (int place = 0; place < places; place++) {
            accept(ItemBlock.single(givenIn, item, largeFrom, place));
        }
        inputEnded(null);
    }

    /**
     * The pool has so many places: what waits for another one will never be run, and has failed.
     *
     * @return whether there was anything
     */
    boolean failBeyond(int places) {
        List<Slice> lost = waiting.takeBeyond(places);
        for (Slice slice : lost) {
            long index = slice.firstIndex();
            finish(
                    slice.block(),
                    RawOutcome.error(
                            index,
                            attempts.inVain(index),
                            new ItemCancelledException("item " + index + " was for the worker in slot "
                                    + slice.block().owner()
                                    + ", which had not begun it when the pool was made smaller: "
                                    + places + " workers are left; make the call again for those")));
        }
        return !lost.isEmpty();
    }

    /**
     * What waits here, has never been begun and has waited too long has failed.
     *
     * @param oldest hears of what else waits and was not begun
     * @return whether there was anything
     */
    boolean failOverdue(QueueTimes times, long now, QueueLimits.Oldest oldest) {
        List<Slice> overdue = waiting.take(slice -> {
            if (attempts.inVain(slice.firstIndex()) > 0) { // begun before, and alone in its slice
                return false;
            }
            long cameIn = slice.block().cameIn();
            boolean late = times.overdue(cameIn, now);
            if (!late) {
                oldest.see(cameIn);
            }
            return late;
        });
        for (Slice slice : overdue) {
            for (long index = slice.firstIndex(); index < slice.endIndex(); index++) {
                if (sink.unwanted(slice.block())) {
                    drop(slice.block(), index);
                } else {
                    finish(
                            slice.block(),
                            RawOutcome.error(index, 0, TaskTimeoutException.ofQueue(index, times.limit())));
                }
            }
        }
        return !overdue.isEmpty();
    }

    boolean cancelled() {
        return cancelled;
    }

    /** Whether each of its items is for one worker. */
    boolean isBroadcast() {
        return kind == Kind.BROADCAST;
    }

    /** The pool closes: a lazy stream reads no further, what was read still runs. */
    void stopReading() {
        if (lazy && !inputEnded) {
            gate.close();
            inputEnded(new CancellationException("the pool was closed; its lazy streams read no further"));
        }
    }

    /** Whether the feeder may have items in hand that it has not handed over. */
    boolean mayHoldBack() {
        return fed && !inputEnded && !cancelled && givenIn < gate.openTo();
    }

    /** Its feeder need read nothing more. From any thread. */
    public void readNoFurther() {
        gate.close();
    }

    /** Whether nothing of this call can come any more. */
    boolean over() {
        return finished == givenIn && (inputEnded || cancelled);
    }

    /** Whether a feeder reads an input for it; else items come one by one for as long as the pool is open. */
    boolean fed() {
        return fed;
    }

    /** Whether nothing of it waits or is out now, though more may come in. */
    boolean quiet() {
        return finished == givenIn;
    }

    /** Opens the gate as far as workers, consumer and memory allow. */
    void openGate(int workers) {
        if (!inputEnded && !cancelled) {
            readAhead.open(workers, cost, givenIn, finished);
        }
    }

    @Override
    public String toString() {
        return "call " + id + ": " + givenIn + " in, " + waiting.count() + " pending, " + finished + " finished";
    }
}
