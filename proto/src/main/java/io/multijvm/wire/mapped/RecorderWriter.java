// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import static io.multijvm.wire.mapped.Layout.HEADER;
import static io.multijvm.wire.mapped.Layout.RING_AT;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The worker's side. All methods but {@link #lastWords}, {@link #nested}, {@link #beat} and {@link #finished} are the
 * task thread's.
 *
 * <p>A result is finished when {@link #tryCommit}, {@link #tryBeginRun} or {@link #tryExtendRun} has returned true: its bytes lie
 * in the file and the word that says so was release-stored behind them, so it survives whatever becomes of this process.
 *
 * <pre>
 * no run  -- tryBeginRun --> open run, with one result
 * open    -- tryExtendRun -> open, with one more
 * open    -- closeRun -----> no run
 * </pre>
 */
public final class RecorderWriter {
    private static final VarHandle UNITS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

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

    // the open run
    private int runBase;
    private int runCount;
    private int runBytes;
    /** Bytes of values for which there is a place, room or not; 0 while no run is open. */
    private int runLimit;

    private long runSum;

    private long results;

    /** As {@link #results}, for other threads. Its volatile store is what the doorbell's protocol rests on. */
    private volatile long finished;

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
        if (!place(length)) {
            return false;
        }
        int base = header(chunkId, place, kind);
        map.put(base + HEADER, data, off, len);
        commit(base, len, elapsedNanos);
        finished = ++results;
        return true;
    }

    /**
     * Finishes a result that is the first of a run.
     *
     * @param type what the reader is told of the values
     * @param value with this result's bytes from 0 on
     * @param length of the result, a multiple of four, not 0
     * @return false, with nothing changed, if the ring is full right now
     */
    public boolean tryBeginRun(long chunkId, int place, int type, byte[] value, int length) {
        if (length > Layout.maxRun(capacity)) {
            throw new IllegalArgumentException("a result of " + length + " bytes does not go into a run");
        }
        if (!place(Layout.recordLength(Layout.RUN_PREFIX + length))) {
            return false;
        }
        runBase = header(chunkId, place, ResultKind.RUN);
        map.putInt(runBase + Layout.RUN_TYPE, type);
        runLimit = Math.min(Layout.maxRun(capacity), RING_AT + capacity - runBase - Layout.RUN_HEADER);
        runCount = 0;
        runBytes = 0;
        runSum = RunWord.FIRST_SUM;
        append(value, length);
        return true;
    }

    /**
     * Finishes a result that is the next of the open run, if there is one.
     *
     * @return false, with nothing changed, if none is open, or it has no room for this; then it is to be closed
     */
    public boolean tryExtendRun(byte[] value, int length) {
        int bytes = runBytes + length;
        if (bytes > runLimit || runLimit == 0 || !room(Layout.recordLength(Layout.RUN_PREFIX + bytes))) {
            return false;
        }
        append(value, length);
        return true;
    }

    private void append(byte[] value, int length) {
        int to = runBase + Layout.RUN_HEADER + runBytes;
        long sum = runSum;
        for (int i = 0; i < length; i += Layout.UNIT) {
            int unit = (int) UNITS.get(value, i);
            map.putInt(to + i, unit);
            sum = RunWord.sum(sum, unit);
        }
        runSum = sum;
        runBytes += length;
        runCount++;
        Layout.release(map, Layout.OPEN_RUN_AT, RunWord.of(sequence, runCount, runBytes / Layout.UNIT, sum));
        finished = ++results;
    }

    /** How many results the open run holds; 0 if none is open. */
    public int runCount() {
        return runLimit == 0 ? 0 : runCount;
    }

    /**
     * Closes the run, if one is open.
     *
     * @param elapsedNanos what all its items took together
     */
    public void closeRun(long elapsedNanos) {
        if (runLimit == 0) {
            return;
        }
        map.putInt(runBase + Layout.RUN_COUNT, runCount);
        commit(runBase, Layout.RUN_PREFIX + runBytes, elapsedNanos);
        Layout.release(map, Layout.OPEN_RUN_AT, RunWord.NONE);
        runLimit = 0;
    }

    /**
     * Tells what the item wrote to stdout and stderr; before its result, and while no run is open. Finishes nothing.
     *
     * @return false, with nothing changed, if the ring is full right now
     */
    public boolean tryOutput(long chunkId, int place, OutputRange range) {
        if (!place(Layout.recordLength(OutputRange.BYTES))) {
            return false;
        }
        int base = header(chunkId, place, ResultKind.OUTPUT);
        map.put(base + HEADER, range.encoded(), 0, OutputRange.BYTES);
        commit(base, OutputRange.BYTES, 0);
        return true;
    }

    /** Where the output of the item at hand begins, or that of the next one. */
    public void outputBegins(long stdout, long stderr) {
        map.putLong(Layout.STDOUT_AT, stdout);
        Layout.release(map, Layout.STDERR_AT, stderr);
    }

    /**
     * How many cuts of the output files have begun and ended: odd while one goes on. Lengths of the files and what was cut off
     * them belong together only where this is even and the same before and afterwards.
     */
    public long outputCuts() {
        // what was read before this is not read again behind it
        VarHandle.acquireFence();
        return Layout.acquire(map, Layout.CUTS_AT);
    }

    /** Bytes that were cut off stdout's file. */
    public long stdoutBase() {
        return map.getLong(Layout.STDOUT_BASE_AT);
    }

    /** Bytes that were cut off stderr's file. */
    public long stderrBase() {
        return map.getLong(Layout.STDERR_BASE_AT);
    }

    /** Makes sure that a record of so many bytes has its place at {@link #position}; false if there is no room. */
    private boolean place(int length) {
        if (runLimit != 0) {
            throw new IllegalStateException("the run before this record was not closed");
        }
        int at = (int) (position & (capacity - 1));
        int skipped = capacity - at < length ? capacity - at : 0;
        if (!room(skipped + length)) {
            return false;
        }
        if (skipped > 0) {
            map.putInt(RING_AT + at, Layout.WRAP);
            position += skipped;
            Layout.release(map, Layout.COMMITTED_AT, position);
        }
        return true;
    }

    private int header(long chunkId, int place, ResultKind kind) {
        int base = RING_AT + (int) (position & (capacity - 1));
        map.putLong(base + Layout.SEQUENCE, sequence);
        map.putLong(base + Layout.CHUNK, chunkId);
        map.putInt(base + Layout.POSITION, place);
        map.putInt(base + Layout.KIND, kind.code());
        return base;
    }

    private void commit(int base, int payload, long elapsedNanos) {
        map.putInt(base, payload);
        map.putLong(base + Layout.ELAPSED, elapsedNanos);
        map.putInt(base + Layout.CRC, checksum(base, payload));
        sequence++;
        position += Layout.recordLength(payload);
        Layout.release(map, Layout.COMMITTED_AT, position);
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

    /** How many results are finished. From any thread. */
    public long finished() {
        return finished;
    }

    /** Whether {@link #begin} must be told each item's own beginning; else the time at which those around it began will do. */
    public boolean exactTimes() {
        return Layout.acquire(map, Layout.TIMES_AT) != 0;
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

    /**
     * Says that this process lives. By one thread.
     *
     * @param count higher than the last one, from 1
     * @param heapBytes of heap that are in use
     */
    public void beat(long count, long heapBytes) {
        map.putLong(Layout.HEAP_AT, heapBytes);
        Layout.release(map, Layout.BEAT_AT, count);
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
