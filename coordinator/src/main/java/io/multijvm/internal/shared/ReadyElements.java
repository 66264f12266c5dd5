// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.wire.objects.QueueHeard;
import io.multijvm.wire.objects.QueueSaid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a queue that can be taken, by their numbers, which rise as they are put: one that comes back is where it was.
 * Owned by the event loop.
 */
final class ReadyElements {
    private final TreeMap<Long, Stored> byNumber = new TreeMap<>();

    /** An element as it crosses: pieces of {@link QueueSaid#MOST_BYTES} each but the last, so that the loop copies no large one. */
    record Encoded(List<byte[]> pieces, long bytes) {
        Encoded {
            pieces = List.copyOf(pieces);
        }

        static Encoded of(List<byte[]> pieces) {
            return new Encoded(
                    pieces, pieces.stream().mapToLong(piece -> piece.length).sum());
        }
    }

    /**
     * One element.
     *
     * @param attempt how often it was taken so far
     */
    record Stored(long number, int attempt, Encoded encoded) {
        Stored takenOnceMore() {
            return new Stored(number, attempt + 1, encoded);
        }

        QueueHeard.Element firstPiece() {
            return new QueueHeard.Element(
                    number, attempt, encoded.bytes(), encoded.pieces().get(0));
        }
    }

    boolean isEmpty() {
        return byNumber.isEmpty();
    }

    int size() {
        return byNumber.size();
    }

    void addLast(Stored stored) {
        byNumber.put(stored.number(), stored);
    }

    void putBack(Stored stored) {
        byNumber.put(stored.number(), stored);
    }

    /** @throws NoSuchElementException if there is none */
    Stored first() {
        return byNumber.firstEntry().getValue();
    }

    /** @throws NoSuchElementException if there is none */
    Stored removeFirst() {
        return byNumber.pollFirstEntry().getValue();
    }

    /** The one of that number, if it is there. */
    @Nullable
    Stored find(long number) {
        return byNumber.get(number);
    }

    /** How many of them were there. */
    int remove(Collection<Long> numbers) {
        int removed = 0;
        for (Long number : numbers) {
            removed += byNumber.remove(number) == null ? 0 : 1;
        }
        return removed;
    }

    /** Without taking them: some of those behind that number, as many as one answer holds. */
    List<QueueHeard.Element> after(long number, int most) {
        List<QueueHeard.Element> seen = new ArrayList<>();
        long bytes = 0;
        for (Stored stored : byNumber.tailMap(number, false).values()) {
            bytes += stored.encoded().bytes();
            if (seen.size() == most || (!seen.isEmpty() && bytes > QueueSaid.MOST_BYTES)) {
                break;
            }
            seen.add(stored.firstPiece());
        }
        return seen;
    }
}
