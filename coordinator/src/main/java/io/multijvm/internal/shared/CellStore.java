// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.arena.SegmentMaker;
import io.multijvm.wire.arena.SharedSegment;
import io.multijvm.wire.mapped.Words;
import io.multijvm.wire.objects.CellPlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Memory for the words of a manager's objects: cells of one cache line each, in segments that all its clients map; those of
 * short arrays are longer, by a power of two. Where no memory is shared the cells lie in this process alone. A cell that is
 * given back is used again, by another generation.
 *
 * <p>A cell that was in use rests before that. All its users have said that they touch it no more, but a thread of theirs may
 * have looked whether the object is there just before it was closed, and touch it just after. So do the files of arrays that
 * are too long for a cell.
 *
 * <p>Thread-safe.
 */
final class CellStore {
    /** A cache line, so that objects that lie side by side do not slow each other down. */
    static final int CELL_BYTES = 64;

    /** Of each cell: rises whenever the cell is taken or given back, and so is odd while it is in use. */
    static final int GENERATION_AT = 8;

    /** Of the longest cell. */
    static final int MOST_CELL_BYTES = 64 << 10;

    /** How long what was in use is left alone. */
    static final Duration REST = Duration.ofSeconds(2);

    private static final int FIRST_BYTES = 64 << 10;
    private static final int MOST_BYTES = 1 << 20;

    private final @Nullable SegmentMaker maker;
    // guarded by this
    private final List<Segment> segments = new ArrayList<>();
    /** By their length. */
    private final Map<Integer, Deque<Cell>> free = new HashMap<>();
    /** In the order of their times. */
    private final Deque<Resting> resting = new ArrayDeque<>();

    /** Of locks, whose words go on counting, so that a late compare-and-set never fits. */
    private final Deque<Cell> freeOfLocks = new ArrayDeque<>();

    private final RestingFiles files = new RestingFiles();

    private int nextCell;
    private boolean closed;

    private final LongSupplier clock;

    /** @param maker null where no memory is shared */
    CellStore(@Nullable SegmentMaker maker) {
        this(maker, System::nanoTime);
    }

    CellStore(@Nullable SegmentMaker maker, LongSupplier clock) {
        this.maker = maker;
        this.clock = clock;
    }

    private record Resting(Cell cell, long until) {}

    /** @param shared null where it lies in this process alone */
    private record Segment(
            int number, ByteBuffer memory, @Nullable SharedSegment shared) {
        int bytes() {
            return memory.capacity();
        }
    }

    /**
     * One object's cell.
     *
     * @param place where others find it; null if they cannot
     */
    record Cell(
            int segment,
            ByteBuffer memory,
            int offset,
            int bytes,
            @Nullable CellPlace place) {
        long generation() {
            return Words.get(memory, offset + GENERATION_AT);
        }

        private void raise() {
            Words.getAndAdd(memory, offset + GENERATION_AT, 1);
        }
    }

    /**
     * A cell, all zeros but for its generation.
     *
     * @param bytes that it must have at least; no more than {@link #MOST_CELL_BYTES}
     * @throws UncheckedIOException if there is no room
     * @throws IllegalStateException if the store is closed
     */
    Cell take(int bytes) {
        int length = Math.max(CELL_BYTES, Integer.highestOneBit(2 * bytes - 1));
        if (bytes < 1 || length > MOST_CELL_BYTES) {
            throw new IllegalArgumentException("a cell of " + bytes + " bytes");
        }
        Cell cell = anyOf(length);
        clear(cell);
        cell.raise();
        return cell;
    }

    /**
     * As {@link #take}, but the word is that of a free lock, not zero, if it was a lock's before, and the generation is the
     * lock's own business.
     */
    Cell takeForLock() {
        synchronized (this) {
            Cell cell = freeOfLocks.poll();
            if (cell != null && !closed) {
                return cell;
            }
        }
        return anyOf(CELL_BYTES);
    }

    /** The lock has freed it. */
    synchronized void giveOfLock(Cell cell, LeftBy how) {
        if (!closed && how != LeftBy.SOME_USE_IT) {
            freeOfLocks.add(cell);
        }
    }

    private synchronized Cell anyOf(int length) {
        if (closed) {
            throw new IllegalStateException("the manager is closed; make the object before close(), or start another");
        }
        long now = clock.getAsLong();
        for (Resting first = resting.peek(); first != null && first.until() - now <= 0; first = resting.peek()) {
            free(resting.remove().cell());
        }
        Deque<Cell> left = free.get(length);
        Cell cell = left == null ? null : left.poll();
        return cell == null ? fresh(length) : cell;
    }

    private void free(Cell cell) {
        free.computeIfAbsent(cell.bytes(), unknown -> new ArrayDeque<>()).add(cell);
    }

    private static void clear(Cell cell) {
        for (int at = 0; at < cell.bytes(); at += Long.BYTES) {
            if (at != GENERATION_AT) {
                Words.set(cell.memory(), cell.offset() + at, 0);
            }
        }
    }

    private Cell fresh(int length) {
        Segment last = segments.isEmpty() ? null : segments.get(segments.size() - 1);
        if (last == null || nextCell + length > last.bytes()) {
            last = segment(last == null ? FIRST_BYTES : Math.min(MOST_BYTES, last.bytes() * 4));
            segments.add(last);
            nextCell = 0;
        }
        int at = nextCell;
        nextCell += length;
        SharedSegment shared = last.shared();
        CellPlace place = shared == null ? null : new CellPlace(last.number(), shared.address(), shared.bytes(), at);
        return new Cell(last.number(), last.memory(), at, length, place);
    }

    private Segment segment(int bytes) {
        int number = segments.size();
        if (maker == null) {
            ByteBuffer own = ByteBuffer.allocateDirect(bytes + CELL_BYTES).alignedSlice(CELL_BYTES);
            return new Segment(number, own.slice(0, bytes).order(ByteOrder.nativeOrder()), null);
        }
        try {
            SharedSegment shared = maker.make(bytes);
            try {
                shared.reserve();
            } catch (IOException e) {
                shared.release();
                throw e;
            }
            return new Segment(number, shared.words(), shared);
        } catch (IOException e) {
            throw new UncheckedIOException("no memory for shared objects: " + e.getMessage(), e);
        }
    }

    /** Its object is no more. */
    void give(Cell cell, LeftBy how) {
        cell.raise();
        synchronized (this) {
            if (closed || how == LeftBy.SOME_USE_IT) {
                return;
            }
            if (how == LeftBy.NOBODY) {
                free(cell);
            } else {
                resting.add(new Resting(cell, clock.getAsLong() + REST.toNanos()));
            }
        }
    }

    /** Of what is not in cells. */
    RestingFiles files() {
        return files;
    }

    /** The memory of a segment, for this process. */
    synchronized ByteBuffer memory(int segment) {
        if (closed) {
            throw new IllegalStateException("the manager is closed");
        }
        return segments.get(segment).memory();
    }

    /** No other process can map it any more; those that have keep what they have. */
    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        files.close();
        free.clear();
        freeOfLocks.clear();
        resting.clear();
        for (Segment segment : segments) {
            if (segment.shared() != null) {
                segment.shared().abandon();
            }
        }
        segments.clear(); // unmapped by the collector, when nobody can touch them any more
    }
}
