// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import static io.multijvm.wire.mapped.Layout.HEADER;
import static io.multijvm.wire.mapped.Layout.RING_AT;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator's side. Confined to one thread at a time; that is also why {@link #close} may unmap.
 *
 * <p>Nothing in the file is believed: bytes are copied out before they are checked, and every number is checked before it
 * is used. What is not as a {@link RecorderWriter} writes it ends in a {@link CorruptRingException}.
 * One lie remains: if somebody cuts the file short, a touch behind its end is an {@code InternalError}, which interpreted code
 * throws here but compiled code may throw a little later, in the caller.
 */
public final class RecorderReader implements AutoCloseable {
    private final MappedByteBuffer map;
    private final int capacity;
    private final CRC32C crc = new CRC32C();
    private long position;
    private long sequence;
    private boolean closed;

    /**
     * A finished item.
     *
     * @param chunkId its chunk
     * @param position its place in the chunk
     * @param kind what {@code data} is
     * @param elapsedNanos how long it took in the worker
     * @param data copied out of the file
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are handed on
    public record RingRecord(long chunkId, int position, ResultKind kind, long elapsedNanos, byte[] data) {}

    /**
     * The item that a worker had at hand.
     *
     * @param chunkId its chunk
     * @param position its place in the chunk
     * @param state IDLE if it had none
     * @param began when, by the worker's System.nanoTime, which on one machine counts from the same origin as ours;
     *     {@code Long.MAX_VALUE} once it has run and only its result is on its way
     */
    public record Running(long chunkId, int position, ItemState state, long began) {
        static final Running NOTHING = new Running(0, 0, ItemState.IDLE, 0);
    }

    private RecorderReader(MappedByteBuffer map) {
        this.map = map;
        this.capacity = (int) map.getLong(Layout.CAPACITY_AT);
    }

    /** Maps a file that {@link RecorderFile#create} made. */
    public static RecorderReader open(Path path) throws IOException {
        return new RecorderReader(RecorderFile.map(path));
    }

    /**
     * Takes the next finished result, if there is one.
     *
     * @throws CorruptRingException if the file lies
     */
    public @Nullable RingRecord poll() {
        if (closed) {
            return null;
        }
        try {
            return next();
        } catch (InternalError e) { // the file was cut short under the mapping
            throw new CorruptRingException("the recorder's file cannot be read", e);
        }
    }

    private @Nullable RingRecord next() {
        long committed = Layout.acquire(map, Layout.COMMITTED_AT);
        if (committed == position) {
            return null;
        }
        require(committed > position && committed - position <= capacity, "its counter went to " + committed);
        int at = (int) (position & (capacity - 1));
        if (map.getInt(RING_AT + at) == Layout.WRAP) {
            position += capacity - at;
            at = 0;
        }
        int base = RING_AT + at;
        int length = map.getInt(base);
        require(length >= 0 && length <= Layout.maxPayload(capacity), "a record has length " + length);
        int whole = Layout.recordLength(length);
        require(whole <= capacity - at && position + whole <= committed, "a record reaches behind the end");
        byte[] copy = new byte[HEADER - Layout.SEQUENCE + length];
        map.get(base + Layout.SEQUENCE, copy);
        crc.reset();
        crc.update(copy);
        require((int) crc.getValue() == map.getInt(base + Layout.CRC), "a record does not match its checksum");
        ByteBuffer record = ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
        require(record.getLong() == sequence, "a record is out of sequence");
        RingRecord found = new RingRecord(
                record.getLong(),
                record.getInt(),
                ResultKind.of(record.getInt()),
                record.getLong(),
                Arrays.copyOfRange(copy, HEADER - Layout.SEQUENCE, copy.length));
        sequence++;
        position += whole;
        Layout.release(map, Layout.CONSUMED_AT, position);
        return found;
    }

    /**
     * What the worker has at hand. While it lives this may be an item that has just ended, but the time is never that of
     * an item before the one that is told.
     */
    public Running running() {
        if (closed) {
            return Running.NOTHING;
        }
        try {
            long item = Layout.acquire(map, Layout.ITEM_AT);
            long place = item >>> 2;
            if (place > Integer.MAX_VALUE) { // damaged: nobody can be blamed by it
                return Running.NOTHING;
            }
            long chunk = Layout.acquire(map, Layout.CHUNK_AT);
            return new Running(chunk, (int) place, ItemState.of(item), map.getLong(Layout.BEGAN_AT));
        } catch (InternalError e) { // the file was cut short under the mapping
            throw new CorruptRingException("the recorder's file cannot be read", e);
        }
    }

    /**
     * An item of the worker's own call that it ran inside of the item at hand.
     *
     * @param depth how many ran, one inside the other
     * @param index of the innermost in its call
     */
    public record Nested(int depth, long index) {}

    /** The innermost nested item that the worker ran; null if it ran none. */
    public @Nullable Nested nested() {
        if (closed) {
            return null;
        }
        try {
            long place = Layout.acquire(map, Layout.NESTED_AT);
            return place <= 0 ? null : new Nested((int) map.getLong(Layout.NESTED_DEPTH_AT), place - 1);
        } catch (InternalError e) { // the file was cut short under the mapping
            return null;
        }
    }

    /** What the worker left as its last words; empty if nothing. */
    public String lastWords() {
        if (closed) {
            return "";
        }
        try {
            return text(Layout.WORDS_AT, 8, Layout.MAX_WORDS);
        } catch (InternalError e) { // the file was cut short under the mapping
            return "";
        }
    }

    /** The stack that the worker left of this item, a frame a line; empty if it left none. */
    public String stack(long chunkId, int position) {
        if (closed) {
            return "";
        }
        try {
            String text = text(Layout.STACK_AT, Layout.STACK_TEXT, Layout.MAX_STACK);
            boolean ofIt = map.getLong(Layout.STACK_AT + Layout.STACK_CHUNK) == chunkId
                    && map.getLong(Layout.STACK_AT + Layout.STACK_POSITION) == position;
            return ofIt ? text : "";
        } catch (InternalError e) { // the file was cut short under the mapping
            return "";
        }
    }

    private String text(int lengthAt, int offset, int most) {
        byte[] bytes = new byte[(int) Math.max(0, Math.min(Layout.acquire(map, lengthAt), most))];
        map.get(lengthAt + offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Unmaps; afterwards there is nothing to take. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            RecorderFile.unmap(map);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new CorruptRingException("the worker's results cannot be trusted: " + otherwise);
        }
    }
}
