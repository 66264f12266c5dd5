// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.arena;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which parts of a segment are taken. Kept by the side that writes into it, in its own heap, so that the other side cannot
 * damage it. Not thread-safe.
 *
 * <pre>
 * free  -- allocate --> taken
 * taken -- free ------> free, as one part with its free neighbours
 * </pre>
 */
public final class Extents {
    /** A cache line: two sides never write into the same one. */
    static final int ALIGNMENT = 64;

    /** Offset to length, no two of them adjacent. */
    private final TreeMap<Integer, Integer> free = new TreeMap<>();

    private final Map<Integer, Integer> taken = new HashMap<>();

    /** @param bytes of the segment, all free at first */
    public Extents(int bytes) {
        if (bytes < ALIGNMENT) {
            throw new IllegalArgumentException("bytes " + bytes + ", where " + ALIGNMENT + " is the least");
        }
        free.put(0, bytes & -ALIGNMENT);
    }

    /** Takes the first part that is large enough: its offset, or -1 if there is none. */
    public int allocate(int bytes) {
        if (bytes < 1 || bytes > Integer.MAX_VALUE - ALIGNMENT) {
            return -1;
        }
        int needed = bytes + ALIGNMENT - 1 & -ALIGNMENT;
        int offset = firstOf(needed);
        if (offset < 0) {
            return -1;
        }
        int rest = Objects.requireNonNull(free.remove(offset)) - needed;
        if (rest > 0) {
            free.put(offset + needed, rest);
        }
        taken.put(offset, needed);
        return offset;
    }

    private int firstOf(int needed) {
        for (Map.Entry<Integer, Integer> part : free.entrySet()) {
            if (part.getValue() >= needed) {
                return part.getKey();
            }
        }
        return -1;
    }

    /** Gives a part back. Returns false, with nothing changed, if no part that begins there is taken. */
    public boolean free(int offset) {
        Integer length = taken.remove(offset);
        if (length == null) {
            return false;
        }
        int begin = offset;
        int whole = length;
        Map.Entry<Integer, Integer> before = free.lowerEntry(offset);
        if (before != null && before.getKey() + before.getValue() == offset) {
            begin = before.getKey();
            whole += before.getValue();
        }
        Integer after = free.remove(offset + length);
        free.put(begin, after == null ? whole : whole + after);
        return true;
    }

    /** Whether nothing is taken. */
    public boolean isEmpty() {
        return taken.isEmpty();
    }
}
