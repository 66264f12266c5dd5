// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.pipe;

import io.multijvm.wire.mapped.Words;
import java.nio.ByteBuffer;

/**
 * One direction of a pipe in memory that both sides map: parts of messages one behind the other, each with a header of two
 * words. One thread at a time writes and one reads, each in its process; who sees to that is the pipe's end.
 *
 * <p>The writer alone moves the tail, and does so when a part is there as a whole; the reader alone moves the head, when it
 * has copied a part. Each is one store of a word, so whoever dies whenever, what lies between head and tail are whole parts.
 *
 * <p>Who finds nothing to read, or no room, raises its word before it waits: the reader a 1, the writer how much room it
 * needs. Nobody waits for ever: whoever moves the tail looks at the reader's word after that, and the reader looks at the tail
 * after it has raised its word. All four are volatile accesses, which all threads see in one order: if the reader did not see
 * the new tail, its word was raised before the writer looked. So with head and the writer's word.
 */
public final class PipeRing {
    /** Of the four words, each in a cache line of its own. */
    static final int CONTROL_BYTES = 256;

    private static final int LINE = 64;
    private static final int HEADER_BYTES = 2 * Long.BYTES;
    private static final long FIRST = 1L << 32;
    private static final long RAW = 1L << 33;
    private static final long LENGTH = 0xffff_ffffL;
    /**
     * The longest part: one side copies it while the other copies the one before, and neither has to wait for longer than it pays
     * to look again and again.
     */
    private static final int MOST_PART_BYTES = 16 << 10;

    /** A writer that sleeps is woken for so much of the ring, or for all that it has left. */
    private static final int SHARE = 4;

    private final ByteBuffer memory;
    private final int tailAt;
    private final int headAt;
    private final int readerAt;
    private final int writerAt;
    private final int dataAt;
    private final int capacity;

    /** @param capacity a power of two */
    PipeRing(ByteBuffer memory, int controlAt, int dataAt, int capacity) {
        if (Integer.bitCount(capacity) != 1 || dataAt + capacity > memory.capacity()) {
            throw new IllegalArgumentException(
                    "a ring of " + capacity + " bytes at " + dataAt + " in " + memory.capacity());
        }
        this.memory = memory;
        this.tailAt = controlAt;
        this.headAt = controlAt + LINE;
        this.readerAt = controlAt + 2 * LINE;
        this.writerAt = controlAt + 3 * LINE;
        this.dataAt = dataAt;
        this.capacity = capacity;
    }

    /**
     * The writer's: the next part, if there is room for all of it, or for a good deal of a long one.
     *
     * @param first whether it is the first of its message
     * @param total bytes of the message
     * @param length bytes of it that are left
     * @return how many of these were written; -1 if there was no room
     */
    public int write(boolean first, boolean raw, int total, byte[] from, int offset, int length) {
        long tail = Words.get(memory, tailAt);
        long free = capacity - (tail - Words.get(memory, headAt));
        if (free < need(length)) {
            return -1;
        }
        int part = (int) Math.min(Math.min(length, free - HEADER_BYTES), MOST_PART_BYTES);
        Words.set(memory, at(tail), part | (first ? FIRST : 0) | (raw ? RAW : 0));
        Words.set(memory, at(tail + Long.BYTES), total);
        copyIn(tail + HEADER_BYTES, from, offset, part);
        Words.set(memory, tailAt, tail + HEADER_BYTES + Words.whole(part));
        return part;
    }

    /** How much must be free for the next part of so many bytes that are left. */
    private long need(int length) {
        return HEADER_BYTES + Words.whole(Math.min(Math.min(length, capacity / SHARE), MOST_PART_BYTES));
    }

    /** Whether there is room for a part of so many bytes that are left. */
    public boolean hasRoom(int length) {
        return free() >= need(length);
    }

    private long free() {
        return capacity - (Words.get(memory, tailAt) - Words.get(memory, headAt));
    }

    /** Whether there is something to read. */
    public boolean hasPart() {
        return Words.get(memory, tailAt) != Words.get(memory, headAt);
    }

    /**
     * The reader's: copies the next part.
     *
     * @return false if there was none
     * @throws IllegalStateException if what is there makes no sense
     */
    public boolean read(ArrivingMessage into) {
        long head = Words.get(memory, headAt);
        long there = Words.get(memory, tailAt) - head;
        if (there == 0) {
            return false;
        }
        long header = there < HEADER_BYTES ? -1 : Words.get(memory, at(head));
        long total = there < HEADER_BYTES ? -1 : Words.get(memory, at(head + Long.BYTES));
        long part = header & LENGTH;
        if (there > capacity
                || total < 0
                || total > Integer.MAX_VALUE
                || part > total
                || HEADER_BYTES + Words.whole(part) > there) {
            throw new IllegalStateException("the memory of a pipe makes no sense: a part of " + part
                    + " bytes of a message of " + total + ", where " + there + " bytes are");
        }
        if ((header & FIRST) != 0) {
            into.begin((header & RAW) != 0, (int) total);
        }
        int place = into.placeFor((int) part);
        copyOut(head + HEADER_BYTES, into.bytes(), place, (int) part);
        Words.set(memory, headAt, head + HEADER_BYTES + Words.whole(part));
        return true;
    }

    private int at(long position) {
        return dataAt + (int) (position & (capacity - 1));
    }

    private void copyIn(long position, byte[] from, int offset, int length) {
        int beforeEnd = Math.min(length, dataAt + capacity - at(position));
        memory.put(at(position), from, offset, beforeEnd);
        memory.put(dataAt, from, offset + beforeEnd, length - beforeEnd);
    }

    private void copyOut(long position, byte[] into, int offset, int length) {
        int beforeEnd = Math.min(length, dataAt + capacity - at(position));
        memory.get(at(position), into, offset, beforeEnd);
        memory.get(dataAt, into, offset + beforeEnd, length - beforeEnd);
    }

    /** The reader's: it is to be woken by the next part. It has to look once more before it waits. */
    public void raiseReader() {
        Words.set(memory, readerAt, 1);
    }

    /** The writer's, after it wrote: whether the reader must be woken. */
    public boolean takeReader() {
        return Words.get(memory, readerAt) != 0 && Words.getAndSet(memory, readerAt, 0) != 0;
    }

    /**
     * The writer's: it is to be woken when there is room. It has to look once more before it waits.
     *
     * @param length bytes that are left of its message
     */
    public void raiseWriter(int length) {
        Words.set(memory, writerAt, HEADER_BYTES + Words.whole(Math.min(length, capacity / SHARE)));
    }

    /** The reader's, after it read: whether the writer must be woken. */
    public boolean takeWriter() {
        long need = Words.get(memory, writerAt);
        return need != 0 && free() >= need && Words.compareAndSet(memory, writerAt, need, 0);
    }
}
