// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.codec.ValueCodec;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A chunk in the worker. One word says which item is next and where the chunk ends; beginning an item and giving items back
 * both change it by compare-and-set, so each item is either begun here or given back, never both.
 */
public final class WorkerChunk {
    private final long id;
    private final TaskCode code;
    private final long firstIndex;
    private final ChunkItems items;
    /** Next position in the upper half, end in the lower. */
    private final AtomicLong nextAndEnd;

    private final Set<Integer> cancelled = ConcurrentHashMap.newKeySet();

    public WorkerChunk(long id, TaskCode code, long firstIndex, ChunkItems items) {
        this.id = id;
        this.code = code;
        this.firstIndex = firstIndex;
        this.items = items;
        this.nextAndEnd = new AtomicLong(items.count());
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
                return newEnd;
            }
        }
    }

    /** The item is to be skipped, if it has not begun. */
    public void cancel(int position) {
        cancelled.add(position);
    }

    boolean isCancelled(int position) {
        return !cancelled.isEmpty() && cancelled.contains(position);
    }

    /** The item; the task thread's, in the order in which they begin. */
    @Nullable
    Object decode(int position, ValueCodec codec) {
        return items.decode(position, codec);
    }
}
