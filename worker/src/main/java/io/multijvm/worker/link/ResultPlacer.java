// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import io.multijvm.wire.arena.Extents;
import io.multijvm.wire.arena.PlacedBytes;
import io.multijvm.wire.arena.SharedSegment;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import java.util.function.LongFunction;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes large results into segments that the coordinator made for this worker. What is taken in them is the task thread's
 * own book; the loop only hands over what it hears.
 *
 * <pre>
 * a region:  free -- place --> written -- its name is committed to the ring --> finished -- RegionsRead --> free
 * </pre>
 */
final class ResultPlacer {
    /** Empty segments beyond this are given up; below it they stay, for memory that was touched is three times as fast. */
    static final long KEEP_BYTES = 96 << 20;

    /** Checksum and copy take turns in pieces that stay in the cache. */
    private static final int PIECE = 256 << 10;

    private final LongFunction<CompletableFuture<@Nullable Room>> needRoom;
    private final IntConsumer givenUp;
    private final Queue<Read> read = new ConcurrentLinkedQueue<>();
    // the task thread's
    private final Map<Integer, Taken> segments = new TreeMap<>();
    private final CRC32C crc = new CRC32C();
    private long mapped;

    /** A segment for results, as the loop mapped it. */
    record Room(int id, SharedSegment segment) {}

    private record Read(int segmentId, int offset) {}

    private record Taken(SharedSegment segment, Extents extents) {}

    /**
     * @param needRoom asks the coordinator for room for so many bytes; the answer is null if there is none
     * @param givenUp tells it that nothing more will be written into a segment
     */
    ResultPlacer(LongFunction<CompletableFuture<@Nullable Room>> needRoom, IntConsumer givenUp) {
        this.needRoom = needRoom;
        this.givenUp = givenUp;
    }

    /** The coordinator has read a result. The loop's. */
    void read(int segmentId, long offset) {
        read.add(new Read(segmentId, Math.toIntExact(offset)));
    }

    /** Writes the two parts one behind the other; null if there is no room for them. The task thread's. */
    @Nullable
    PlacedBytes place(byte[] head, byte[] rest) {
        long length = (long) head.length + rest.length;
        if (length > SharedSegment.MAX_BYTES) {
            return null;
        }
        freeWhatWasRead();
        PlacedBytes placed = intoKnown(head, rest);
        if (placed != null) {
            return placed;
        }
        // not interruptible: the coordinator answers, or its end is ours
        Room room = needRoom.apply(length).join();
        if (room == null) {
            return null;
        }
        segments.put(
                room.id(), new Taken(room.segment(), new Extents(room.segment().bytes())));
        mapped += room.segment().bytes();
        return intoKnown(head, rest);
    }

    private @Nullable PlacedBytes intoKnown(byte[] head, byte[] rest) {
        int length = head.length + rest.length;
        for (Map.Entry<Integer, Taken> entry : segments.entrySet()) {
            Taken taken = entry.getValue();
            int offset = taken.extents().allocate(length);
            if (offset < 0) {
                continue;
            }
            try {
                crc.reset();
                write(taken.segment(), offset, head);
                write(taken.segment(), offset + head.length, rest);
                return new PlacedBytes(entry.getKey(), offset, length, (int) crc.getValue());
            } catch (IOException e) { // somebody cut the file short: not one more byte into it
                return null;
            }
        }
        return null;
    }

    private void write(SharedSegment segment, int at, byte[] bytes) throws IOException {
        for (int done = 0; done < bytes.length; done += PIECE) {
            int piece = Math.min(PIECE, bytes.length - done);
            segment.write(at + done, bytes, done, piece);
            crc.update(bytes, done, piece);
        }
    }

    private void freeWhatWasRead() {
        for (Read region = read.poll(); region != null; region = read.poll()) {
            Taken taken = segments.get(region.segmentId());
            if (taken == null || !taken.extents().free(region.offset())) {
                throw new IllegalStateException("the coordinator read at " + region.offset() + " of segment "
                        + region.segmentId() + ", where no result is");
            }
        }
        Iterator<Map.Entry<Integer, Taken>> all = segments.entrySet().iterator();
        while (mapped > KEEP_BYTES && all.hasNext()) {
            Map.Entry<Integer, Taken> entry = all.next();
            Taken taken = entry.getValue();
            if (taken.extents().isEmpty()) {
                all.remove();
                mapped -= taken.segment().bytes();
                taken.segment().release();
                givenUp.accept(entry.getKey());
            }
        }
    }
}
