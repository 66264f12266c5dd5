// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.codec.PackedValues;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A chunk in the worker. One word says which item is next and where the chunk ends; beginning an item and giving items back
 * both change it by compare-and-set, so each item is either begun here or given back, never both.
 */
public final class WorkerChunk {
    /** In place of a position, for a cancel: every item. */
    static final int ALL = -1;

    private final long id;
    private final TaskCode code;
    private final long firstIndex;
    private final byte[] small;
    private final int[] ends;
    private final byte @Nullable [] @Nullable [] large;
    private final @Nullable PlacedPayload @Nullable [] placed;
    /** All items, if they came packed; walked over by the task thread. */
    private final @Nullable PackedValues packed;

    private int passed;
    /** Next position in the upper half, end in the lower. */
    private final AtomicLong nextAndEnd;

    private final Set<Integer> cancelled = ConcurrentHashMap.newKeySet();
    private volatile boolean allCancelled;

    /**
     * @param small items, one behind the other
     * @param ends where each small item ends
     * @param large items that have an array of their own, at their positions; null if there are none
     */
    public WorkerChunk(
            long id, TaskCode code, long firstIndex, byte[] small, int[] ends, byte @Nullable [] @Nullable [] large) {
        this(id, code, firstIndex, small, ends, large, null);
    }

    /** @param placed items that lie in shared memory, at their positions; null if there are none */
    public WorkerChunk(
            long id,
            TaskCode code,
            long firstIndex,
            byte[] small,
            int[] ends,
            byte @Nullable [] @Nullable [] large,
            @Nullable PlacedPayload @Nullable [] placed) {
        this.id = id;
        this.code = code;
        this.firstIndex = firstIndex;
        this.small = small;
        this.ends = ends;
        this.large = large;
        this.packed = null;
        this.placed = placed;
        this.nextAndEnd = new AtomicLong(ends.length);
    }

    /** A chunk of so many packed items. */
    public WorkerChunk(long id, TaskCode code, long firstIndex, int count, PackedValues packed) {
        this.id = id;
        this.code = code;
        this.firstIndex = firstIndex;
        this.small = new byte[0];
        this.ends = new int[0];
        this.large = null;
        this.packed = packed;
        this.placed = null;
        this.nextAndEnd = new AtomicLong(count);
    }

    /** A chunk of one item that stands for a function without any. */
    static WorkerChunk ofFunction(long id) {
        return new WorkerChunk(id, new TaskCode(new byte[0], 0), -1, new byte[0], new int[1], null);
    }

    public long id() {
        return id;
    }

    TaskCode code() {
        return code;
    }

    long indexAt(int position) {
        return firstIndex + position;
    }

    /** Begins the next item: its position, or -1 if there is none left here. */
    int begin() {
        while (true) {
            long now = nextAndEnd.get();
            int next = (int) (now >>> 32);
            if (next >= (int) now) {
                return -1;
            }
            if (nextAndEnd.compareAndSet(now, now + (1L << 32))) {
                return next;
            }
        }
    }

    /** The last item that has begun; -1 if none has. */
    int newest() {
        return (int) (nextAndEnd.get() >>> 32) - 1;
    }

    boolean hasNext() {
        long now = nextAndEnd.get();
        return (int) (now >>> 32) < (int) now;
    }

    /**
     * Gives back items that have not begun: all of them, or the later half.
     *
     * @return where the chunk ends now
     */
    public int giveBack(boolean all) {
        while (true) {
            long now = nextAndEnd.get();
            int next = (int) (now >>> 32);
            int end = (int) now;
            int newEnd = all ? next : next + (end - next) / 2;
            if (nextAndEnd.compareAndSet(now, ((long) next << 32) | newEnd)) {
                for (int i = newEnd; i < end; i++) {
                    release(i);
                }
                return newEnd;
            }
        }
    }

    /** The item, or {@link #ALL}, is to be skipped if it has not begun. */
    public void cancel(int position) {
        if (position == ALL) {
            allCancelled = true;
        } else {
            cancelled.add(position);
        }
    }

    boolean isCancelled(int position) {
        return allCancelled || (!cancelled.isEmpty() && cancelled.contains(position));
    }

    /** Whether the items come from {@link #unpack}; else each has its bytes. */
    boolean isPacked() {
        return packed != null;
    }

    /** A packed item; the task thread's, for one item after the other, which may leave some out. */
    Object unpack(int position) {
        PackedValues values = Objects.requireNonNull(packed);
        if (position > passed) {
            values.skip(position - passed);
        }
        passed = position + 1;
        return values.next();
    }

    /** The item, if it lies in shared memory. */
    @Nullable
    PlacedPayload placed(int position) {
        return placed == null ? null : placed[position];
    }

    /** Frees the shared memory of an item that nobody will want any more, if it has any. */
    void release(int position) {
        PlacedPayload own = placed(position);
        if (own != null) {
            own.release();
        }
    }

    /** The array that holds the item, from {@link #offset} on for {@link #length} bytes. */
    byte[] bytes(int position) {
        byte[] own = large == null ? null : large[position];
        return own == null ? small : own;
    }

    int offset(int position) {
        return position == 0 || (large != null && large[position] != null) ? 0 : ends[position - 1];
    }

    int length(int position) {
        byte[] own = large == null ? null : large[position];
        return own == null ? ends[position] - offset(position) : own.length;
    }
}
