// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A queue's place in memory that several processes map: its {@link QueueState}, and who waits for it to change.
 *
 * <p>There is room for two states. A new one is written where the old one is not, and then the count of states is raised, whose
 * lowest bit says which of the two is valid: so a state is there as a whole or not at all, whenever its writer dies. States
 * are written with the queue's lock; they are read by anybody.
 *
 * <p>Who waits is the owner's to say. Whoever has made something true that somebody waits for takes the mark away and tells
 * the owner: so of many who do so one tells it.
 */
public final class QueueCell {
    /** What it takes of a cell. */
    public static final int BYTES = 256;

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int WAITED_FOR = 0;
    private static final int COUNT = 16;
    private static final int CAPACITY = 24;
    private static final int FIRST = 64;
    private static final int SECOND = 160;
    private static final int HALF = 32;
    private static final int FIELDS = 11;

    private final ByteBuffer memory;
    private final int at;

    /** @param at where it begins in mapped or direct memory; a multiple of 8 */
    public QueueCell(ByteBuffer memory, int at) {
        if (!memory.isDirect() || at < 0 || at + BYTES > memory.capacity()) {
            throw new IllegalArgumentException("no place for a queue at " + at + " of " + memory);
        }
        this.memory = memory;
        this.at = at;
    }

    /** A new queue, in memory that is all zeros. For the owner, before anybody else knows it. */
    public void begin(long capacity) {
        LONGS.set(memory, at + CAPACITY, capacity);
        commit(QueueState.EMPTY);
    }

    /** 0 for no bound. */
    public long capacity() {
        return (long) LONGS.get(memory, at + CAPACITY);
    }

    /** The state now, for whoever has the lock. */
    public QueueState stateLocked() {
        return read((long) LONGS.getVolatile(memory, at + COUNT));
    }

    /** The state at some moment between call and return. */
    public QueueState state() {
        while (true) {
            long count = (long) LONGS.getVolatile(memory, at + COUNT);
            QueueState state = read(count);
            VarHandle.acquireFence(); // what was read above was read before the count is read again
            if ((long) LONGS.getVolatile(memory, at + COUNT) == count) {
                return state;
            }
            Thread.onSpinWait();
        }
    }

    /** The next state, whole or not at all. For whoever has the lock. */
    public void commit(QueueState state) {
        long count = (long) LONGS.get(memory, at + COUNT) + 1;
        // nobody may see this state's words before the count that made the last one valid
        VarHandle.fullFence();
        write(state, block(count));
        LONGS.setVolatile(memory, at + COUNT, count);
    }

    private int block(long count) {
        return at + ((count & 1) == 0 ? FIRST : SECOND);
    }

    private QueueState read(long count) {
        int from = block(count);
        long tails = word(from, 3);
        long counts = word(from, 7);
        long spares = word(from, 8);
        long heads = word(from, 0);
        return new QueueState(
                new QueueState.Chain(
                        (int) (heads >>> HALF),
                        (int) heads,
                        (int) (spares >>> HALF),
                        word(from, 2),
                        (int) (tails >>> HALF),
                        (int) tails,
                        (int) spares),
                new QueueState.Counts(
                        word(from, 4),
                        word(from, 5),
                        word(from, 6),
                        (int) (counts >>> HALF),
                        (int) counts >>> 1,
                        (counts & 1) != 0),
                word(from, 9),
                word(from, 10));
    }

    private void write(QueueState state, int to) {
        set(to, 0, both(state.head(), state.read()));
        set(to, 2, state.passed());
        set(to, 3, both(state.tail(), state.tailAt()));
        set(to, 4, state.ready());
        set(to, 5, state.numbers());
        set(to, 6, state.unfinished());
        set(to, 7, both(state.leased(), state.writing() << 1 | (state.shut() ? 1 : 0)));
        set(to, 8, both(state.readAt(), state.spare()));
        set(to, 9, state.place());
        set(to, FIELDS - 1, state.header());
    }

    private static long both(int high, int low) {
        return (long) high << HALF | Integer.toUnsignedLong(low);
    }

    private long word(int block, int field) {
        return (long) LONGS.get(memory, block + field * Long.BYTES);
    }

    private void set(int block, int field, long value) {
        LONGS.set(memory, block + field * Long.BYTES, value);
    }

    /** What somebody waits for, as a sum of {@link QueueWaits#mark()}. */
    public long waitedFor() {
        return (long) LONGS.getVolatile(memory, at + WAITED_FOR);
    }

    /** Sets marks. For the owner, and for who has taken them away and could not tell it. */
    public void mark(long waitedFor) {
        var unused = (long) LONGS.getAndBitwiseOr(memory, at + WAITED_FOR, waitedFor);
    }

    /** Takes marks away. Returns those that were there: whoever had them from here tells the owner. */
    public long unmark(long waitedFor) {
        return (long) LONGS.getAndBitwiseAnd(memory, at + WAITED_FOR, ~waitedFor) & waitedFor;
    }
}
