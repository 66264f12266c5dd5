// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.WorkerEnd;
import io.multijvm.codec.PackedType;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.internal.arena.PlacedResult;
import io.multijvm.internal.arena.ResultArena;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.chunk.Slice;
import io.multijvm.internal.dispatch.DispatchEvent.Casualty;
import io.multijvm.internal.result.Printed;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.internal.result.RawRun;
import io.multijvm.wire.mapped.CorruptRingException;
import io.multijvm.wire.mapped.ItemState;
import io.multijvm.wire.mapped.OutputRange;
import io.multijvm.wire.mapped.RecorderReader;
import io.multijvm.wire.mapped.ResultKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of chunks that are at workers. What a ring holds is the truth; messages only say that it is worth a look.
 * Owned by the event loop.
 */
final class InFlight {
    /** Records read in one turn, so that one busy ring cannot hold the loop. */
    private static final int RECORDS_A_TURN = 8192;

    private final Map<Long, Chunk> chunks = new HashMap<>();
    private final Consumer<CallState> touched;
    private long nextId;

    /** @param touched told of every call that an outcome came for */
    InFlight(Consumer<CallState> touched) {
        this.touched = touched;
    }

    /** A new chunk at a worker; the caller sends it. */
    Chunk assign(Slot slot, CallState call, List<Slice> items) {
        Chunk chunk = new Chunk(++nextId, call, items);
        chunks.put(chunk.id, chunk);
        slot.assigned.addLast(chunk);
        return chunk;
    }

    /** The chunk, if it is still at that worker. */
    @Nullable
    Chunk find(Slot slot, long chunkId) {
        Chunk chunk = chunks.get(chunkId);
        return chunk != null && slot.assigned.contains(chunk) ? chunk : null;
    }

    /** A chunk of the call with items that have not begun and were not asked for; null if there is none. */
    @Nullable
    Chunk unstartedOf(CallState call) {
        for (Chunk chunk : chunks.values()) {
            if (chunk.call == call && chunk.recalls == 0 && chunk.left() > 1) {
                return chunk;
            }
        }
        return null;
    }

    /**
     * Takes what lies committed in the worker's ring.
     *
     * @return whether there may be more
     * @throws CorruptRingException if the ring does not hold what a worker of ours writes
     */
    boolean drain(Slot slot) {
        RecorderReader ring = slot.recorder;
        if (ring == null) {
            return false;
        }
        for (int i = 0; i < RECORDS_A_TURN; i++) {
            RecorderReader.RingRecord item = ring.poll();
            if (item == null) {
                return false;
            }
            RecorderReader.Run run = item.run();
            if (item.kind() == ResultKind.OUTPUT) {
                running(slot, item.chunkId(), item.position()).printed = OutputRange.of(item.data());
                continue;
            }
            if (run == null) {
                finish(slot, item.chunkId(), item.position(), item.kind(), item.elapsedNanos(), item.data());
                continue;
            }
            finish(slot, item, run);
            if (run.wholeCount() == 0) {
                // the worker is writing it: what comes from now on has its own bell
                return false;
            }
        }
        return true;
    }

    /** One item of a worker is finished. */
    void finish(Slot slot, long chunkId, int position, ResultKind kind, long elapsedNanos, byte[] bytes) {
        Chunk chunk = running(slot, chunkId, position);
        if (kind == ResultKind.RUN || kind == ResultKind.OUTPUT) {
            throw new CorruptRingException(slot.name() + " told of " + kind + " as of one result");
        }
        slot.done++;
        if (chunk.timedOut == position) {
            if (kind.isPlaced()) {
                placed(slot, bytes).release();
            }
            timedOut(slot, chunk, false);
        } else {
            finished(slot, chunk, kind, elapsedNanos, bytes);
        }
        removeIfDone(slot, chunk);
        touched.accept(chunk.call);
    }

    /** The chunk, whose next item must be the one that the worker tells of. */
    private Chunk running(Slot slot, long chunkId, int position) {
        Chunk chunk = chunks.get(chunkId);
        if (chunk != null) {
            endBefore(slot, chunk);
        }
        if (chunk == null || slot.assigned.peekFirst() != chunk || position != chunk.finished()) {
            throw new CorruptRingException(slot.name() + " told of item " + position + " of chunk " + chunkId
                    + ", which is not the one it was to run");
        }
        slot.useful = true;
        return chunk;
    }

    /** Items of a run are finished. Those with a story of their own are taken out of it. */
    private void finish(Slot slot, RecorderReader.RingRecord record, RecorderReader.Run run) {
        if (run.count() == 0) { // it was read before it was closed
            Chunk chunk = chunks.get(record.chunkId());
            if (chunk != null) {
                chunk.call.cost.observe(record.elapsedNanos(), run.wholeBytes(), run.wholeCount());
            }
            return;
        }
        Chunk chunk = running(slot, record.chunkId(), record.position());
        if (run.count() > chunk.left()) {
            throw new CorruptRingException(slot.name() + " told of " + run.count() + " results of chunk " + chunk.id
                    + ", of which it had " + chunk.left() + " items left");
        }
        slot.done += run.count();
        CallState call = chunk.call;
        if (run.wholeCount() > 0) {
            call.cost.observe(record.elapsedNanos(), run.wholeBytes(), run.wholeCount());
        }
        try {
            PackedType type = PackedType.ofCode(run.type());
            if (type == null) {
                throw new CorruptRingException(slot.name() + " told of results of unknown type " + run.type());
            }
            finished(
                    slot,
                    chunk,
                    RawRun.of(chunk.nextIndex(), run.count(), type, record.data(), slot.name()),
                    each(record, run));
        } catch (PayloadException e) {
            throw new CorruptRingException(slot.name() + " told of results that it did not write", e);
        }
        removeIfDone(slot, chunk);
        touched.accept(call);
    }

    /** What each item of a run has taken, as far as that is known; else -1. */
    private static long each(RecorderReader.RingRecord record, RecorderReader.Run run) {
        return run.wholeCount() > 0 ? record.elapsedNanos() / run.wholeCount() : -1;
    }

    private static void finished(Slot slot, Chunk chunk, RawRun run, long elapsedNanos) {
        RawRun left = run;
        int count = run.count();
        while (count > 0) {
            int together = chunk.call.alike(chunk.nextIndex(), count);
            int late = chunk.timedOut - chunk.finished();
            together = late >= 0 ? Math.min(together, late) : together;
            if (together > 0) {
                RawRun head = together < count ? left.head(together) : left;
                chunk.call.finish(chunk.finishNext(together), head);
            } else {
                together = 1;
                finishedAlone(slot, chunk, left.outcomes().next(), elapsedNanos);
            }
            count -= together;
            left = count > 0 ? left.tail(together) : left;
        }
    }

    private static void finishedAlone(Slot slot, Chunk chunk, RawOutcome outcome, long elapsedNanos) {
        if (chunk.timedOut == chunk.finished()) {
            timedOut(slot, chunk, false);
            return;
        }
        ItemBlock block = chunk.nextBlock();
        Printed printed = chunk.call.fed() ? Printed.NOTHING : printed(slot, chunk, false);
        chunk.finishNext();
        if (!chunk.call.fed()) {
            chunk.call.sink.attempted(block, slot.id(), elapsedNanos, null, printed);
        }
        int attempts = chunk.call.attempts.of(outcome.index());
        chunk.call.finish(block, attempts == 1 ? outcome : outcome.ofAttempt(attempts));
    }

    /** What the chunk's next item has written, which has ended. */
    private static Printed printed(Slot slot, Chunk chunk, boolean failed) {
        OutputRange own = chunk.printed;
        return own == null || slot.process == null ? Printed.NOTHING : slot.process.printed(own, failed);
    }

    /** What the chunk's next item has written, which its worker died of. */
    private static Printed printedLast(Slot slot, Chunk chunk) {
        if (slot.process == null || slot.recorder == null) {
            return Printed.NOTHING;
        }
        // a worker tells before it finishes an item, and from then on its recorder has what the next one begins with
        OutputRange own = chunk.printed;
        return slot.process.printedLast(own == null ? slot.recorder.output() : own);
    }

    /** The result that a record names, which lies in memory that is shared with the worker. */
    private static PlacedResult placed(Slot slot, byte[] name) {
        ResultArena results = slot.entry == null ? null : slot.entry.results();
        if (results == null) {
            throw new CorruptRingException(slot.name() + " told of a result in shared memory, of which it has none");
        }
        return results.resolve(name);
    }

    private static void finished(Slot slot, Chunk chunk, ResultKind kind, long elapsedNanos, byte[] bytes) {
        // a lie about where it lies must be found before the item counts as finished
        PlacedResult placed = kind.isPlaced() ? placed(slot, bytes) : null;
        ItemBlock block = chunk.nextBlock();
        long index = chunk.nextIndex();
        CallState call = chunk.call;
        if (kind == ResultKind.CANCELLED) {
            chunk.finishNext();
            call.drop(block, index);
            return;
        }
        call.cost.observe(elapsedNanos, placed == null ? bytes.length : placed.length());
        RawOutcome outcome = outcome(index, call.attempts.of(index), kind, bytes, placed, slot.name());
        boolean failed = outcome.isFailure();
        boolean stopped = chunk.stopping == chunk.finished();
        Printed printed = failed || !call.fed() ? printed(slot, chunk, failed) : Printed.NOTHING;
        chunk.finishNext();
        boolean again = failed && !stopped && outcome.isThrown() && call.reruns.retryThrown(block, index);
        if (!call.fed()) {
            call.sink.attempted(block, slot.id(), elapsedNanos, again ? FailureKind.TASK : null, printed);
        }
        if (again) {
            outcome.release();
        } else {
            call.finish(block, failed ? outcome.printed(printed) : outcome);
        }
    }

    private static RawOutcome outcome(
            long index, int attempt, ResultKind kind, byte[] bytes, @Nullable PlacedResult placed, String where) {
        return switch (kind) {
            case VALUE -> RawOutcome.value(index, attempt, bytes, where);
            case FAILURE -> RawOutcome.failure(index, attempt, bytes, where);
            case VALUE_PLACED -> RawOutcome.placed(index, attempt, true, Objects.requireNonNull(placed), where);
            case FAILURE_PLACED -> RawOutcome.placed(index, attempt, false, Objects.requireNonNull(placed), where);
            case CANCELLED, RUN, OUTPUT -> throw new AssertionError(kind + " is no item's result");
        };
    }

    /**
     * The chunk's next item had no result when its time was over; what became of it afterwards does not count.
     *
     * @param dead whether its worker has ended
     */
    private static void timedOut(Slot slot, Chunk chunk, boolean dead) {
        CallState call = chunk.call;
        ItemBlock block = chunk.nextBlock();
        long index = chunk.nextIndex();
        int position = chunk.finished();
        Printed printed = dead ? printedLast(slot, chunk) : printed(slot, chunk, true);
        chunk.finishNext();
        if (call.cancelled() || call.sink.unwanted(block)) {
            call.drop(block, index);
            return;
        }
        int attempt = call.reruns.timedOut(index);
        call.sink.attempted(block, slot.id(), -1, FailureKind.TIMEOUT, printed);
        if (call.reruns.retry(block, index, FailureKind.TIMEOUT)) {
            return;
        }
        call.finish(
                block,
                RawOutcome.error(index, attempt, late(slot, chunk, position, index))
                        .printed(printed));
    }

    /** With what the worker left of where the item stood: frames, and after an empty line a deadlock. */
    private static TaskTimeoutException late(Slot slot, Chunk chunk, int position, long index) {
        List<String> lines = slot.recorder == null
                ? List.of()
                : slot.recorder.stack(chunk.id, position).lines().toList();
        int end = lines.contains("") ? lines.indexOf("") : lines.size();
        return new TaskTimeoutException(
                index,
                Objects.requireNonNull(chunk.call.settings.itemTimeout()),
                slot.name(),
                lines.subList(0, end),
                lines.stream().skip(end).filter(line -> !line.isEmpty()).toList());
    }

    /**
     * The ring is shared memory and can be ahead of messages: a worker that is in a later chunk has given back what is left
     * of the recalled ones before it, though it may not have told yet, and never will if it is dead by now.
     */
    private void endBefore(Slot slot, Chunk running) {
        if (!slot.assigned.contains(running)) {
            return;
        }
        for (Chunk head = slot.assigned.getFirst();
                head != running && head.recalls > 0;
                head = slot.assigned.getFirst()) {
            giveBack(slot, head.id, head.finished());
        }
    }

    /** What of this call is at the worker and has no outcome. */
    void unfinished(Slot slot, CallState call, Overdue overdue) {
        RecorderReader.@Nullable Running running = atHand(slot);
        for (Chunk chunk : slot.assigned) {
            if (chunk.call != call) {
                continue;
            }
            int next = chunk.finished();
            boolean runs = running != null
                    && running.chunkId() == chunk.id
                    && running.position() == next
                    && running.state() != ItemState.IDLE;
            if (runs) {
                chunk.between(next, next + 1)
                        .forEach(slice -> overdue.add(slice, true, "it was running in " + slot.name()));
            }
            chunk.between(runs ? next + 1 : next, chunk.size())
                    .forEach(slice -> overdue.add(slice, false, "it had not begun, and waited in " + slot.name()));
        }
    }

    /** A worker gave back what it had not begun. */
    void giveBack(Slot slot, long chunkId, int end) {
        Chunk chunk = find(slot, chunkId);
        if (chunk == null || end >= chunk.size()) { // it ended before, or the recall came too late
            return;
        }
        if (end < chunk.finished()) {
            throw new CorruptRingException(slot.name() + " gave back finished items of chunk " + chunkId);
        }
        chunk.recalls--;
        chunk.call.books.moved(chunk.size() - end);
        chunk.call.putBack(chunk.cutFrom(end));
        removeIfDone(slot, chunk);
        touched.accept(chunk.call);
    }

    /**
     * Everything that a dead worker had: finished items were taken before, the one that ran is returned, the rest goes
     * back to wait for another worker.
     *
     * @param now by the loop's clock
     */
    List<Casualty> clear(Slot slot, long now) {
        RecorderReader.@Nullable Running running = atHand(slot);
        List<Casualty> casualties = new ArrayList<>();
        List<Chunk> lost = new ArrayList<>(slot.assigned);
        slot.assigned.clear();
        // last first, for each puts its items in front
        for (int i = lost.size() - 1; i >= 0; i--) {
            Chunk chunk = lost.get(i);
            chunks.remove(chunk.id);
            int rest = chunk.finished();
            if (running != null && running.chunkId() == chunk.id && running.state() != ItemState.IDLE) {
                int ran = Math.min(running.position(), chunk.size() - 1);
                slot.useful = true;
                for (; rest <= ran; rest++) {
                    blame(slot, chunk, rest == running.position() ? timeOf(running, now) : null, casualties);
                }
            }
            if (rest < chunk.size()) {
                chunk.call.books.moved(chunk.size() - rest);
                chunk.call.putBack(chunk.cutFrom(rest));
            }
            touched.accept(chunk.call);
        }
        return casualties;
    }

    /** What the worker had at hand; where its recorder was destroyed, whatever was next in its first chunk. */
    private static RecorderReader.@Nullable Running atHand(Slot slot) {
        RecorderReader recorder = slot.recorder;
        Chunk first = slot.assigned.peekFirst();
        if (recorder == null || first == null) {
            return null;
        }
        try {
            return recorder.running();
        } catch (CorruptRingException e) {
            return new RecorderReader.Running(first.id, first.finished(), ItemState.RUN, 0);
        }
    }

    /** How long it had run. Its beginning is a dead worker's word, so it may be nonsense. */
    private static @Nullable Duration timeOf(RecorderReader.Running running, long now) {
        long nanos = now - running.began();
        return running.began() == Long.MAX_VALUE || running.began() == 0 || nanos < 0 ? null : Duration.ofNanos(nanos);
    }

    private static void blame(Slot slot, Chunk chunk, @Nullable Duration ran, List<Casualty> casualties) {
        if (chunk.timedOut == chunk.finished()) {
            timedOut(slot, chunk, true);
            return;
        }
        CallState call = chunk.call;
        ItemBlock block = chunk.nextBlock();
        long index = chunk.nextIndex();
        boolean stopped = chunk.stopping == chunk.finished();
        Printed printed = printedLast(slot, chunk);
        chunk.finishNext();
        if (call.cancelled() || stopped || call.sink.unwanted(block)) {
            call.drop(block, index);
        } else {
            // a worker that was ended for the sake of another item tells nothing of this one
            boolean killedItsWorker = slot.ending != WorkerEnd.STOPPED;
            casualties.add(new Casualty(
                    call, block, index, call.reruns.died(block, index, killedItsWorker), slot.id(), ran, printed));
        }
    }

    private void removeIfDone(Slot slot, Chunk chunk) {
        if (chunk.left() == 0) {
            chunks.remove(chunk.id);
            slot.assigned.remove(chunk);
        }
    }
}
