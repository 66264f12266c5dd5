// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.codec.PackedType;
import io.multijvm.wire.arena.PlacedBytes;
import io.multijvm.wire.mapped.OutputRange;
import io.multijvm.wire.mapped.RecorderWriter;
import io.multijvm.wire.mapped.ResultKind;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Finishes items: their results go into the ring, those that pack into a run as long as they follow each other, or to the
 * coordinator where they are too large for that. Keeps the time besides, for an item begins when the one before it ends. The
 * task thread's.
 *
 * <p>A run is closed by whatever does not belong to it: a result that does not pack, or as another type; a failure, a
 * cancelled item, a large result; output of an item; the end of its chunk, or of its room in the ring. One that is a millisecond old is closed too, so
 * that its items' cost becomes known. Nobody waits for that: what it holds can be read while it is open.
 */
final class ResultWriter {
    private static final long SHORTEST_NAP = TimeUnit.MICROSECONDS.toNanos(10);
    private static final long LONGEST_NAP = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long OLD_RUN = TimeUnit.MILLISECONDS.toNanos(1);
    /** Looking at the clock takes a fortieth of this; items that are shorter share a look. */
    private static final long SHORT_ITEM = TimeUnit.MICROSECONDS.toNanos(1);

    private static final int MOST_ITEMS_A_LOOK = 64;

    private final RecorderWriter recorder;
    private final ResultLine out;
    private final boolean packs;
    private final byte[] packed = new byte[PackedType.MOST_BYTES];

    /** Of the last run, which may be closed by now. */
    private @Nullable PackedType type;

    private long runBegan;

    /** When the last item ended that the clock was looked at for; the next one's beginning. */
    private long lastEnd;
    /** Each item's own beginning must be known. */
    private boolean exact;
    /** Items to a look, and how many are left until the next. */
    private int aLook = 1;

    private int untilLook = 1;

    private OutputMeter output = OutputMeter.NONE;

    /** @param packs whether results may cross past the codec */
    ResultWriter(RecorderWriter recorder, ResultLine out, boolean packs) {
        this.recorder = recorder;
        this.out = out;
        this.packs = packs;
    }

    /** When the next item begins, or one shortly before it where items are short. */
    long began() {
        return lastEnd;
    }

    /** The next item begins now, whatever was before. */
    void beginNow() {
        lastEnd = System.nanoTime();
    }

    /** As {@link #beginNow}; what was written to stdout and stderr since the last item belongs to none. */
    void beginAfresh() {
        beginNow();
        output.skip(lastEnd);
    }

    /** Each item's output is told from now on; before the first item. */
    void measures(OutputMeter meter) {
        output = meter;
    }

    void chunkBegins() {
        exact = recorder.exactTimes();
        if (exact) {
            aLook = 1;
            untilLook = 1;
        }
    }

    void chunkEnds() {
        if (recorder.runCount() > 0) {
            closeRun();
        }
    }

    /**
     * Finishes the item if its result packs.
     *
     * @return false, with nothing done, if it does not
     */
    boolean finishPacked(WorkerChunk chunk, int at, @Nullable Object result) {
        if (!packs) {
            return false;
        }
        int length = type == null ? -1 : type.write(result, packed, 0);
        if (length < 0) {
            PackedType own = PackedType.of(result);
            length = own == null || own.equals(type) ? -1 : own.write(result, packed, 0);
            if (length < 0) {
                return false;
            }
            type = own;
            chunkEnds();
        }
        long began = lastEnd;
        if (--untilLook <= 0) {
            look();
        }
        if (output.isDue(lastEnd)) {
            tellOutput(chunk, at, began);
        }
        if (!recorder.tryExtendRun(packed, length)) {
            beginRun(chunk, at, length, began);
        }
        if (!chunk.hasNext()) {
            // before the bell rings for its last item, so that the cost comes with the results
            chunkEnds();
        }
        return true;
    }

    private void beginRun(WorkerChunk chunk, int at, int length, long itemBegan) {
        boolean wasFull = recorder.runCount() > 0;
        if (wasFull) {
            recorder.closeRun(itemBegan - runBegan);
        }
        int code = type == null ? 0 : type.code();
        long began = itemBegan;
        if (!recorder.tryBeginRun(chunk.id(), at, code, packed, length)) {
            long spent = System.nanoTime() - itemBegan;
            recorder.hasRun();
            long nap = SHORTEST_NAP;
            do {
                nap = awaitRoom(nap);
            } while (!recorder.tryBeginRun(chunk.id(), at, code, packed, length));
            beginNow();
            began = lastEnd - spent;
        } else if (wasFull) {
            // a good part of the ring, so that it is read before the rest is full
            out.ringFull();
        }
        runBegan = began;
    }

    /** Before the item that has just run joins a run: one that took long is in a run of its own, with its own time. */
    private void look() {
        long now = System.nanoTime();
        if (recorder.runCount() > 0 && (now - lastEnd > OLD_RUN || lastEnd - runBegan > OLD_RUN)) {
            recorder.closeRun(lastEnd - runBegan);
        }
        boolean quick = !exact && now - lastEnd < aLook * SHORT_ITEM;
        aLook = quick ? Math.min(2 * aLook, MOST_ITEMS_A_LOOK) : 1;
        untilLook = aLook;
        lastEnd = now;
    }

    private void closeRun() {
        long now = System.nanoTime();
        recorder.closeRun(now - runBegan);
        lastEnd = now;
        untilLook = aLook;
    }

    /**
     * Finishes the item; its result is {@code head} and, behind it, {@code rest}, which is empty where the ring takes it all.
     *
     * @return whether the result lies in the ring; if not, the coordinator has it
     */
    boolean finish(WorkerChunk chunk, int at, ResultKind kind, byte[] head, byte[] rest) {
        long now = System.nanoTime();
        if (recorder.runCount() > 0) {
            // the item's own time cannot be told from that of the run's last ones, where they share a look
            recorder.closeRun(lastEnd - runBegan);
        }
        long elapsed = now - lastEnd;
        lastEnd = now;
        aLook = 1;
        untilLook = 1;
        if (output.isDue(now)) {
            tellOutput(chunk, at, now);
        }
        if (rest.length == 0 && head.length <= recorder.maxPayload()) {
            commit(chunk, at, kind, elapsed, head);
            return true;
        }
        recorder.hasRun();
        PlacedBytes placed = out.place(head, rest);
        if (placed == null) {
            out.large(chunk.id(), at, kind, elapsed, together(head, rest));
        } else {
            commit(chunk, at, kind.placed(), elapsed, placed.encoded());
        }
        beginNow();
        return placed != null;
    }

    /**
     * Before the item's result, which is not finished yet: a death finds this item at hand, and its output told or not.
     *
     * @param before when the item before it ended, with which a run ends that is open
     */
    private void tellOutput(WorkerChunk chunk, int at, long before) {
        OutputRange own = output.endItem(lastEnd);
        if (own == null) {
            return;
        }
        if (recorder.runCount() > 0) {
            recorder.closeRun(before - runBegan);
        }
        if (!recorder.tryOutput(chunk.id(), at, own)) {
            recorder.hasRun();
            long nap = SHORTEST_NAP;
            do {
                nap = awaitRoom(nap);
            } while (!recorder.tryOutput(chunk.id(), at, own));
            beginNow();
        }
    }

    private static byte[] together(byte[] head, byte[] rest) {
        if (rest.length == 0) {
            return head;
        }
        byte[] whole = Arrays.copyOf(head, head.length + rest.length);
        System.arraycopy(rest, 0, whole, head.length, rest.length);
        return whole;
    }

    private void commit(WorkerChunk chunk, int at, ResultKind kind, long elapsed, byte[] bytes) {
        if (!recorder.tryCommit(chunk.id(), at, kind, elapsed, bytes, 0, bytes.length)) {
            recorder.hasRun();
            long nap = SHORTEST_NAP;
            do {
                nap = awaitRoom(nap);
            } while (!recorder.tryCommit(chunk.id(), at, kind, elapsed, bytes, 0, bytes.length));
            beginNow();
        }
    }

    private long awaitRoom(long nap) {
        out.ringFull();
        // parking returns at once while an interrupt is pending; it is not meant for us
        Thread.interrupted();
        LockSupport.parkNanos(this, nap);
        return Math.min(LONGEST_NAP, nap * 2);
    }
}
