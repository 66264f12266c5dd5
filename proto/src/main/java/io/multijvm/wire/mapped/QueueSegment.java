// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import java.nio.ByteBuffer;

/**
 * A part of a queue's elements in mapped memory: one behind the other, each with a header of two words. Whoever has the
 * queue's lock reads and writes it; the bytes of an element that it alone writes, or has leased, also without.
 *
 * <pre>
 * header    state 2 | client 16 | attempt 14 | bytes 32
 *
 * WRITING -- all its bytes are there --> READY -- taken under a lease, or large --> LEASED
 * WRITING -- its writer has died ------> DONE     READY -- taken, or removed ------> DONE
 * LEASED  -- done with ----------------> DONE     LEASED -- given back, or its taker has died --> READY
 * </pre>
 */
public final class QueueSegment {
    /** Where the first element is. */
    public static final int BEGIN = 64;

    /** Of an element, before its bytes. */
    public static final int HEADER_BYTES = 16;

    /** How long an element can be, so that a segment holds it. */
    public static final int MOST_ELEMENT_BYTES = (1 << 30) - BEGIN - HEADER_BYTES - Long.BYTES;

    /** What is taken more often keeps that number. */
    public static final int MOST_ATTEMPTS = 0x3fff;

    public static final int WRITING = 0;
    public static final int READY = 1;
    public static final int LEASED = 2;
    public static final int DONE = 3;

    private static final int NEXT = 0;
    private static final int END = 8;

    private static final int STATE_AT = 62;
    private static final int CLIENT_AT = 46;
    private static final long CLIENTS = 0xffff;
    private static final int ATTEMPT_AT = 32;

    private final int number;
    private final ByteBuffer memory;
    /** The number of its first element when it was last looked through; it is another one when it is used again. */
    private long lookedThroughSince;
    /** So far everything in it was done with, and remains so for as long as it is not used again. */
    private int lookedThroughTo = BEGIN;

    /** @param number from 1; never used again in the same queue */
    public QueueSegment(int number, ByteBuffer memory) {
        this.number = number;
        this.memory = memory;
    }

    public int number() {
        return number;
    }

    public int capacity() {
        return memory.capacity();
    }

    /** What an element takes of a segment. */
    public static int room(int bytes) {
        return HEADER_BYTES + (bytes + Long.BYTES - 1 & -Long.BYTES);
    }

    /** The next of the chain; says something only of those that are not the last. */
    public int next() {
        return (int) Words.get(memory, NEXT);
    }

    public void next(int segment) {
        Words.set(memory, NEXT, segment);
    }

    /** Where its last element ends; as above. */
    public int end() {
        return (int) Words.get(memory, END);
    }

    public void end(int end) {
        Words.set(memory, END, end);
    }

    public long header(int at) {
        return Words.get(memory, at);
    }

    public void header(int at, long header) {
        Words.set(memory, at, header);
    }

    /** Which one it is of all that were put. */
    public long element(int at) {
        return Words.get(memory, at + Long.BYTES);
    }

    public void element(int at, long number) {
        Words.set(memory, at + Long.BYTES, number);
    }

    /** Its bytes, of which some come from there. */
    public void write(int at, int offset, byte[] from) {
        memory.put(at + HEADER_BYTES + offset, from);
    }

    /** Some of its bytes. */
    public void read(int at, int from, byte[] into, int offset, int length) {
        memory.get(at + HEADER_BYTES + from, into, offset, length);
    }

    /** The first of its bytes. */
    public byte[] read(int at, int bytes) {
        byte[] into = new byte[bytes];
        memory.get(at + HEADER_BYTES, into);
        return into;
    }

    /**
     * Whether all in it is done with; for one that is not the last of the chain, with the queue's lock. However often it is
     * asked, each element is looked at once.
     */
    public boolean isDone() {
        if (lookedThroughSince != element(BEGIN)) {
            lookedThroughSince = element(BEGIN);
            lookedThroughTo = BEGIN;
        }
        for (int end = end(); lookedThroughTo < end; ) {
            long header = header(lookedThroughTo);
            if (state(header) != DONE) {
                return false;
            }
            lookedThroughTo += room(bytes(header));
        }
        return true;
    }

    public static long header(int state, int client, int attempt, int bytes) {
        return (long) state << STATE_AT
                | (client & CLIENTS) << CLIENT_AT
                | (long) Math.min(attempt, MOST_ATTEMPTS) << ATTEMPT_AT
                | Integer.toUnsignedLong(bytes);
    }

    public static int state(long header) {
        return (int) (header >>> STATE_AT);
    }

    public static int client(long header) {
        return (int) (header >>> CLIENT_AT & CLIENTS);
    }

    /** How often it was taken. */
    public static int attempt(long header) {
        return (int) (header >>> ATTEMPT_AT) & MOST_ATTEMPTS;
    }

    public static int bytes(long header) {
        return (int) header;
    }
}
