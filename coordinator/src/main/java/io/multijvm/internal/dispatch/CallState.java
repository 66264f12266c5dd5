// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.FailureKind;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.chunk.ChunkSize;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.chunk.ItemCost;
import io.multijvm.internal.chunk.Slice;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.internal.result.Sink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * One call: what has come in, what waits, what is out, what is finished. Made by the caller's side; from its submission on
 * owned by the event loop, but for the gate.
 */
public final class CallState {
    /** Encoded items that may wait and be out, beyond what the window of items allows. */
    private static final long MOST_BYTES = 16L << 20;

    /** Items beyond this do not join an adaptive chunk. */
    private static final long MOST_CHUNK_BYTES = 512 << 10;

    private static final int WINDOW_CHUNKS = 3;

    /** An item that has cost this many workers is not run again, whatever its retries. */
    private static final int MOST_WORKERS_AN_ITEM = 2;

    private static final ItemBlock NO_BLOCK = new ItemBlock.Builder(0, 0).build();

    final long id;
    final byte[] function;
    final CallSettings settings;
    final Sink sink;
    final Gate gate;
    final ItemCost cost = new ItemCost();
    /** Whether a consumer takes results one by one, so that what it has not taken counts against the window. */
    private final boolean lazy;

    private final boolean fed;
    /** How many items there will be; -1 while that is not known. */
    private long total;

    private final Deque<Slice> pending = new ArrayDeque<>();
    /** Attempts without a result, of the few items that had any. */
    private final Map<Long, InVain> vain = new HashMap<>();

    private long pendingItems;
    private long givenIn;
    private long finished;
    private long taken;
    private long bytesHeld;
    private boolean inputEnded;
    private boolean cancelled;

    /**
     * What an item has cost without giving a result.
     *
     * @param attempts how often it was begun
     * @param workers how many of them died of it, or had to be ended
     */
    private record InVain(int attempts, int workers) {
        static final InVain NOTHING = new InVain(0, 0);

        InVain plus(InVain more) {
            return new InVain(attempts + more.attempts, workers + more.workers);
        }
    }

    /** Who gives items and who takes results. */
    public enum Kind {
        /** An input is read to its end; all results are kept together. */
        LIST,
        /** An input is read; a consumer takes the results one by one. */
        LAZY,
        /** Single tasks, as long as the pool is open. */
        SUBMITS
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
        this.lazy = kind == Kind.LAZY;
        this.fed = kind != Kind.SUBMITS;
        this.total = expected;
    }

    void accept(ItemBlock block) {
        givenIn += block.count();
        bytesHeld += block.bytes();
        sink.accepted(block);
        if (cancelled) {
            finished += block.count();
            return;
        }
        pending.addLast(Slice.of(block));
        pendingItems += block.count();
    }

    /** Whether input still counts; the feeder of a call that is over may not have heard of it yet. */
    boolean reading() {
        return !inputEnded;
    }

    /** An item that could not be encoded. */
    void acceptFailed(RawOutcome outcome) {
        givenIn++;
        finished++;
        if (!cancelled) {
            sink.offer(NO_BLOCK, outcome);
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
        for (int i = slices.size() - 1; i >= 0; i--) {
            Slice slice = slices.get(i);
            if (cancelled) {
                finished += slice.size();
            } else {
                pending.addFirst(slice);
                pendingItems += slice.size();
            }
        }
    }

    boolean hasPending() {
        return pendingItems > 0;
    }

    /** The next items to give to a worker, at most as many as one chunk should have, without a gap. */
    List<Slice> nextItems(int workers) {
        long left = total < 0 ? pendingItems : pendingItems + Math.max(0, total - givenIn);
        int most = ChunkSize.next(settings.chunkSize(), cost, left, workers);
        long mostBytes = settings.chunkSize() > 0 ? Long.MAX_VALUE : MOST_CHUNK_BYTES;
        List<Slice> items = new ArrayList<>();
        int count = 0;
        long end = -1;
        long bytes = 0;
        while (count < most && bytes < mostBytes && !pending.isEmpty()) {
            Slice head = pending.peekFirst();
            if (sink.unwanted(head.block())) {
                pending.removeFirst();
                pendingItems--;
                drop(head.block(), head.firstIndex());
                continue;
            }
            if (end >= 0 && head.firstIndex() != end) {
                break;
            }
            pending.removeFirst();
            if (head.size() > most - count) {
                pending.addFirst(head.tail(most - count));
                head = head.head(most - count);
            }
            items.add(head);
            count += head.size();
            end = head.endIndex();
            bytes += head.block().bytes() / head.block().count() * head.size();
        }
        pendingItems -= count;
        return items;
    }

    /** An item has its outcome. */
    void finish(ItemBlock block, RawOutcome outcome) {
        finished++;
        bytesHeld -= block.length((int) (outcome.index() - block.firstIndex()));
        if (lazy) {
            bytesHeld += outcome.length();
        }
        if (cancelled) {
            outcome.release();
        } else {
            sink.offer(block, outcome);
        }
    }

    /** An item that nobody waits for any more is out of the way. */
    void drop(ItemBlock block, long index) {
        finished++;
        bytesHeld -= block.length((int) (index - block.firstIndex()));
        sink.dropped(block);
    }

    void taken(int items, long bytes) {
        taken += items;
        bytesHeld -= bytes;
    }

    /**
     * Puts an item back whose last attempt failed so, if the settings say that and it has not cost too many workers.
     *
     * @return whether it will run again
     */
    boolean retry(ItemBlock block, long index, FailureKind kind) {
        InVain so = vain.getOrDefault(index, InVain.NOTHING);
        if (cancelled || !settings.retries(kind, so.attempts) || so.workers >= MOST_WORKERS_AN_ITEM) {
            return false;
        }
        int at = (int) (index - block.firstIndex());
        putBack(List.of(new Slice(block, at, at + 1)));
        return true;
    }

    /**
     * Counts an attempt that had no result.
     *
     * @param costItsWorker whether that is gone now
     * @return how often the item has been begun
     */
    int begunInVain(long index, boolean costItsWorker) {
        return vain.merge(index, new InVain(1, costItsWorker ? 1 : 0), InVain::plus).attempts;
    }

    /** How often an item has been begun, if it is now in its last attempt. */
    int attempts(long index) {
        return vain.isEmpty() ? 1 : vain.getOrDefault(index, InVain.NOTHING).attempts + 1;
    }

    /** Drops what waits; what is out is the dispatcher's to stop. */
    void cancel(Throwable why) {
        if (cancelled) {
            return;
        }
        cancelled = true;
        gate.close();
        finished += pendingItems;
        pending.clear();
        pendingItems = 0;
        sink.abandoned(why);
    }

    boolean cancelled() {
        return cancelled;
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
        if (inputEnded || cancelled || (bytesHeld > MOST_BYTES && givenIn > (lazy ? taken : finished))) {
            return;
        }
        // small chunks of a fixed size are given out many at a time
        int chunk = Math.max(settings.chunkSize(), ChunkSize.target(cost));
        long window = lazy && settings.buffer() > 0
                ? settings.buffer()
                : Math.max(2L * workers, (long) WINDOW_CHUNKS * workers * chunk);
        gate.open((lazy ? taken : finished) + window, chunk);
    }

    @Override
    public String toString() {
        return "call " + id + ": " + givenIn + " in, " + pendingItems + " pending, " + finished + " finished";
    }
}
