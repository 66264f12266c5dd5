// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A shared lock's place in memory that several processes map: a cache line of its own, so that locks do not slow each other.
 *
 * <p>A cell is used again for other locks. Its generation says for which: who takes the lock reads the word, then the generation,
 * then changes the word; who frees the cell raises the generation, then the word. So a handle to a lock that is gone either sees the
 * new generation or its compare-and-set fails.
 *
 * <p>Beside the word the holder writes who it is, for {@link #holder} alone: nothing rests on it. It is told with the epoch that it
 * is about, so that nobody takes the last holder's text for the present one's. Process and thread cost nothing that could be measured,
 * the time 30 ns of the 63 that taking and releasing a free lock takes with the process's own queue.
 *
 * <p>Thread-safe; who owns which part of the word says {@link LockWord}.
 */
public final class LockCell {
    /** A cache line. */
    public static final int BYTES = 64;

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int GENERATION = 8;
    private static final int TOLD_EPOCH = 16;
    private static final int TOLD_PROCESS = 24;
    private static final int TOLD_THREAD = 32;
    private static final int TOLD_SINCE = 40;

    /**
     * Who holds a lock.
     *
     * @param pid of its process
     * @param thread id of its thread there
     * @param since by System.nanoTime, which counts alike in all processes of a machine
     */
    public record Holder(long pid, long thread, long since) {}

    private final ByteBuffer memory;
    private final int at;

    /**
     * The cell there.
     *
     * @param memory mapped or direct; its position does not matter and is not moved
     * @param at where the cell begins, a multiple of {@link #BYTES} in a buffer that begins at one
     */
    public LockCell(ByteBuffer memory, int at) {
        if (!memory.isDirect()
                || at < 0
                || at + BYTES > memory.capacity()
                || memory.alignmentOffset(at, Long.BYTES) != 0) {
            throw new IllegalArgumentException("no cell at " + at + " of " + memory);
        }
        this.memory = memory;
        this.at = at;
    }

    /** The word now. */
    public long word() {
        return (long) LONGS.getVolatile(memory, at);
    }

    /** Changes the word if it is as it was seen. */
    public boolean change(long seen, long next) {
        return LONGS.compareAndSet(memory, at, seen, next);
    }

    /** Which of the locks that the cell was used for it holds now. */
    public long generation() {
        return (long) LONGS.getVolatile(memory, at + GENERATION);
    }

    /** Ends the lock: its handles find so, and the cell is as new. For the owner alone. */
    public void free() {
        LONGS.setVolatile(memory, at + GENERATION, generation() + 1);
        long word = word();
        while (!change(word, LockWord.renewed(word))) {
            word = word();
        }
    }

    /**
     * Tells who holds the lock. For the holder, or for the owner in the name of a holder that does not map the cell.
     *
     * @param epoch of its taking
     * @param pid of its process
     * @param thread id of its thread there
     * @param since by System.nanoTime
     */
    public void tell(long epoch, long pid, long thread, long since) {
        LONGS.setOpaque(memory, at + TOLD_EPOCH, 0L);
        LONGS.setRelease(memory, at + TOLD_PROCESS, pid);
        LONGS.setRelease(memory, at + TOLD_THREAD, thread);
        LONGS.setRelease(memory, at + TOLD_SINCE, since);
        LONGS.setRelease(memory, at + TOLD_EPOCH, epoch);
    }

    /**
     * Who holds the lock; empty if nobody does, and in the moment in which somebody has taken it and has not told yet.
     */
    public Optional<Holder> holder() {
        long word = word();
        if (LockWord.isFree(word) || (long) LONGS.getAcquire(memory, at + TOLD_EPOCH) != LockWord.epoch(word)) {
            return Optional.empty();
        }
        Holder holder = new Holder(
                (long) LONGS.getAcquire(memory, at + TOLD_PROCESS),
                (long) LONGS.getAcquire(memory, at + TOLD_THREAD),
                (long) LONGS.getAcquire(memory, at + TOLD_SINCE));
        return LockWord.epoch(word()) == LockWord.epoch(word) && !LockWord.isFree(word())
                ? Optional.of(holder)
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "lock cell at " + at + ", generation " + generation() + ", " + LockWord.text(word());
    }
}
