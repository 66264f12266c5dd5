// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import static io.multijvm.wire.mapped.Layout.HEADER;
import static io.multijvm.wire.mapped.Layout.RING_AT;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The worker's side. All methods but {@link #lastWords}, {@link #nested} and {@link #committed} are the task thread's.
 *
 * <p>A result is finished when {@link #tryCommit} has returned true: its bytes lie in the file and the counter behind them
 * was release-stored, so it survives whatever becomes of this process.
 */
public final class RecorderWriter {
    private final MappedByteBuffer map;
    private final int capacity;
    private final CRC32C crc = new CRC32C();
    /** A second view, so that the checksum can walk without moving anybody's position. */
    private final ByteBuffer walk;

    private long position;
    private long sequence;
    /** What the coordinator had consumed when we last looked; looking costs a cache miss. */
    private long consumed;

    private long item;

    private RecorderWriter(MappedByteBuffer map) {
        this.map = map;
        this.capacity = (int) map.getLong(Layout.CAPACITY_AT);
        this.walk = map.duplicate();
    }

    /** Maps a file that {@link RecorderFile#create} made. */
    public static RecorderWriter open(Path path) throws IOException {
        return new RecorderWriter(RecorderFile.map(path));
    }

    /**
     * The item is now at hand, in state DECODE. Written in an order in which a live reader can never see an item together
     * with the time of one before it.
     *
     * @param began by System.nanoTime
     */
    public void begin(long chunkId, int position, long began) {
        map.putLong(Layout.BEGAN_AT, began);
        Layout.release(map, Layout.CHUNK_AT, chunkId);
        item = (long) position << 2;
        state(ItemState.DECODE);
    }

    /** The item at hand comes to its next state. */
    public void state(ItemState state) {
        Layout.release(map, Layout.ITEM_AT, item | state.code());
    }

    /** The largest payload that goes through the ring. */
    public int maxPayload() {
        return Layout.maxPayload(capacity);
    }

    /**
     * Commits one result.
     *
     * @return false, with nothing changed, if the ring is full right now
     */
    public boolean tryCommit(
            long chunkId, int place, ResultKind kind, long elapsedNanos, byte[] data, int off, int len) {
        if (len > maxPayload()) {
            throw new IllegalArgumentException("a result of " + len + " bytes does not go through the ring");
        }
        int length = Layout.recordLength(len);
        int at = (int) (position & (capacity - 1));
        int skipped = capacity - at < length ? capacity - at : 0;
        if (!room(skipped + length)) {
            return false;
        }
        if (skipped > 0) {
            map.putInt(RING_AT + at, Layout.WRAP);
            at = 0;
        }
        int base = RING_AT + at;
        map.putInt(base, len);
        map.putLong(base + Layout.SEQUENCE, sequence++);
        map.putLong(base + Layout.CHUNK, chunkId);
        map.putInt(base + Layout.POSITION, place);
        map.putInt(base + Layout.KIND, kind.code());
        map.putLong(base + Layout.ELAPSED, elapsedNanos);
        map.put(base + HEADER, data, off, len);
        map.putInt(base + Layout.CRC, checksum(base, len));
        position += skipped + length;
        Layout.release(map, Layout.COMMITTED_AT, position);
        return true;
    }

    private boolean room(int needed) {
        if (capacity - (position - consumed) >= needed) {
            return true;
        }
        consumed = Layout.acquire(map, Layout.CONSUMED_AT);
        return capacity - (position - consumed) >= needed;
    }

    private int checksum(int base, int len) {
        crc.reset();
        walk.limit(base + HEADER + len).position(base + Layout.SEQUENCE);
        crc.update(walk);
        walk.clear();
        return (int) crc.getValue();
    }

    /** Ring position behind the last committed result. From any thread. */
    public long committed() {
        return Layout.acquire(map, Layout.COMMITTED_AT);
    }

    /** The item at hand has run; what it still waits for, room or the other side, is not counted against its time. */
    public void hasRun() {
        Layout.release(map, Layout.BEGAN_AT, Long.MAX_VALUE);
    }

    /**
     * What runs nested in the item at hand: items of its own calls, one inside the other. By the thread that runs the
     * innermost.
     *
     * @param depth how many; 0 for none
     * @param index of the innermost in its call
     */
    public void nested(int depth, long index) {
        map.putLong(Layout.NESTED_DEPTH_AT, depth);
        Layout.release(map, Layout.NESTED_AT, depth == 0 ? 0 : index + 1);
    }

    /** Whether this is the item at hand, in any state but IDLE. From any thread. */
    public boolean isAtHand(long chunkId, int position) {
        long now = Layout.acquire(map, Layout.ITEM_AT);
        return now >>> 2 == position
                && ItemState.of(now) != ItemState.IDLE
                && Layout.acquire(map, Layout.CHUNK_AT) == chunkId;
    }

    /** Leaves the stack that an item was found in; what is too long is cut. From one thread at a time. */
    public void stack(long chunkId, int position, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, Layout.MAX_STACK);
        Layout.release(map, Layout.STACK_AT, 0);
        map.putLong(Layout.STACK_AT + Layout.STACK_CHUNK, chunkId);
        map.putLong(Layout.STACK_AT + Layout.STACK_POSITION, position);
        map.put(Layout.STACK_AT + Layout.STACK_TEXT, bytes, 0, length);
        Layout.release(map, Layout.STACK_AT, length);
    }

    /** Leaves a text for whoever asks why this process ended; what is too long is cut. From any thread, once. */
    public void lastWords(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, Layout.MAX_WORDS);
        map.put(Layout.WORDS_AT + 8, bytes, 0, length);
        Layout.release(map, Layout.WORDS_AT, length);
    }
}
