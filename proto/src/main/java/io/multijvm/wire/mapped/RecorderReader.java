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
    private static final OutputRange EVERYTHING = new OutputRange(0, OutputRange.END, 0, OutputRange.END);

    private final MappedByteBuffer map;
    private final int capacity;
    private final CRC32C crc = new CRC32C();
    private long position;
    private long sequence;
    private boolean closed;
    /** Of the output files, begun and ended. */
    private long cuts;

    // of the record at position, where that is an open run: what was handed out before it is closed
    private int takenCount;
    private int takenBytes;
    private long takenSum = RunWord.FIRST_SUM;

    /**
     * A finished item, or several of one run.
     *
     * @param chunkId its chunk
     * @param position its place in the chunk; that of the first of several
     * @param kind what {@code data} is
     * @param elapsedNanos how long it took in the worker
     * @param data copied out of the file
     * @param run more, if it is a run
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are handed on
    public record RingRecord(
            long chunkId,
            int position,
            ResultKind kind,
            long elapsedNanos,
            byte[] data,
            @Nullable Run run) {

        /** One item. */
        public RingRecord(long chunkId, int position, ResultKind kind, long elapsedNanos, byte[] data) {
            this(chunkId, position, kind, elapsedNanos, data, null);
        }
    }

    /**
     * What the results of a run are.
     *
     * @param type by the worker's word, and unchecked
     * @param count how many items the data are of; they may be none, if all of the run was handed out before
     * @param wholeCount how many items the whole run has, which the time is of; 0 while it is open, and the time unknown
     * @param wholeBytes what they all take
     */
    public record Run(int type, int count, int wholeCount, int wholeBytes) {}

    /**
     * The item that a worker had at hand.
     *
     * @param chunkId its chunk
     * @param position its place in the chunk
     * @param state IDLE if it had none
     * @param began when, by the worker's System.nanoTime, which on one machine counts from the same origin as ours; of an item
     *     of a microsecond, without {@link #wantExactTimes}, when one of those before it began;
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
     * Takes the next finished result, or as many of a run as are finished, if there are any.
     *
     * @throws CorruptRingException if the file lies
     */
    public @Nullable RingRecord poll() {
        if (closed) {
            return null;
        }
        try {
            return next(Layout.acquire(map, Layout.COMMITTED_AT));
        } catch (InternalError e) { // the file was cut short under the mapping
            throw new CorruptRingException("the recorder's file cannot be read", e);
        }
    }

    /** As {@link #poll}, if {@code committed} was read from the file a moment ago. */
    @Nullable
    RingRecord next(long committed) {
        require(committed >= position && committed - position <= capacity, "its counter went to " + committed);
        if (committed != position) {
            int at = (int) (position & (capacity - 1));
            if (map.getInt(RING_AT + at) == Layout.WRAP) {
                require(committed - position >= capacity - at, "it goes round before its end");
                consume(capacity - at);
            }
        }
        if (committed != position) {
            return closed(committed);
        }
        long word = Layout.acquire(map, Layout.OPEN_RUN_AT);
        if (!RunWord.isOf(word, sequence) || RunWord.count(word) == takenCount) {
            return null;
        }
        // since we looked, the writer may have gone round to open the run there, or closed it: then it is not at our
        // position
        long now = Layout.acquire(map, Layout.COMMITTED_AT);
        return now == position ? openRun(word) : next(now);
    }

    private RingRecord closed(long committed) {
        int at = (int) (position & (capacity - 1));
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
        long chunk = record.getLong();
        int place = record.getInt();
        ResultKind kind = ResultKind.of(record.getInt());
        long elapsed = record.getLong();
        RingRecord found;
        if (kind == ResultKind.RUN) {
            found = closedRun(chunk, place, elapsed, record);
        } else {
            byte[] data = Arrays.copyOfRange(copy, HEADER - Layout.SEQUENCE, copy.length);
            require(takenCount == 0, "a run that was open became a record of another kind");
            found = new RingRecord(chunk, place, kind, elapsed, data);
        }
        sequence++;
        consume(whole);
        return found;
    }

    /** What is left of a closed run after what was handed out while it was open. */
    private RingRecord closedRun(long chunk, int place, long elapsed, ByteBuffer record) {
        require(record.remaining() > Layout.RUN_PREFIX, "a run has no results");
        int type = record.getInt();
        int count = record.getInt();
        int bytes = record.remaining();
        int left = count - takenCount;
        requireRun(count, bytes);
        byte[] data = new byte[bytes - takenBytes];
        record.position(record.position() + takenBytes).get(data);
        RingRecord found = new RingRecord(
                chunk, place + takenCount, ResultKind.RUN, elapsed, data, new Run(type, left, count, bytes));
        takenCount = 0;
        takenBytes = 0;
        takenSum = RunWord.FIRST_SUM;
        return found;
    }

    /** What is new of the run that the worker is writing. */
    private RingRecord openRun(long word) {
        int at = (int) (position & (capacity - 1));
        int base = RING_AT + at;
        int count = RunWord.count(word);
        int bytes = RunWord.bytes(word);
        requireRun(count, bytes);
        require(bytes <= Layout.maxRun(capacity) && bytes <= capacity - at - Layout.RUN_HEADER, "a run has no end");
        byte[] data = new byte[bytes - takenBytes];
        map.get(base + Layout.RUN_HEADER + takenBytes, data);
        ByteBuffer units = ByteBuffer.wrap(data).order(ByteOrder.nativeOrder());
        long sum = takenSum;
        while (units.hasRemaining()) {
            sum = RunWord.sum(sum, units.getInt());
        }
        require(RunWord.matches(word, sum), "an open run does not match its checksum");
        require(
                map.getLong(base + Layout.SEQUENCE) == sequence
                        && map.getInt(base + Layout.KIND) == ResultKind.RUN.code(),
                "an open run is out of sequence");
        RingRecord found = new RingRecord(
                map.getLong(base + Layout.CHUNK),
                map.getInt(base + Layout.POSITION) + takenCount,
                ResultKind.RUN,
                0,
                data,
                new Run(map.getInt(base + Layout.RUN_TYPE), count - takenCount, 0, bytes));
        takenCount = count;
        takenBytes = bytes;
        takenSum = sum;
        return found;
    }

    /** Every result takes a unit at least, those that come after {@link #takenCount} too. */
    private void requireRun(int count, int bytes) {
        int left = count - takenCount;
        int leftBytes = bytes - takenBytes;
        require(
                count > 0 && left >= 0 && leftBytes / Layout.UNIT >= left && (left == 0) == (leftBytes == 0),
                "a run of " + bytes + " bytes has " + count + " results, of which " + takenCount + " took "
                        + takenBytes);
    }

    private void consume(int bytes) {
        position += bytes;
        Layout.release(map, Layout.CONSUMED_AT, position);
    }

    /** Has the worker write down each item's own beginning from now on, not that of a group of quick ones. */
    public void wantExactTimes() {
        if (!closed) {
            Layout.release(map, Layout.TIMES_AT, 1);
        }
    }

    /** The output files are about to be cut: what the worker measures from now on does not count. */
    public void cutBegins() {
        if (!closed && (cuts & 1) == 0) {
            Layout.release(map, Layout.CUTS_AT, ++cuts);
        }
    }

    /**
     * The output files were cut, or it came to nothing.
     *
     * @param stdoutBase what was cut off stdout's file since the beginning
     * @param stderrBase the same of stderr's
     */
    public void cutEnded(long stdoutBase, long stderrBase) {
        if (!closed && (cuts & 1) == 1) {
            map.putLong(Layout.STDOUT_BASE_AT, stdoutBase);
            map.putLong(Layout.STDERR_BASE_AT, stderrBase);
            Layout.release(map, Layout.CUTS_AT, ++cuts);
        }
    }

    /** What the item at hand has written to stdout and stderr, to the end; for a worker that is dead. */
    public OutputRange output() {
        if (closed) {
            return EVERYTHING;
        }
        try {
            long stderr = Layout.acquire(map, Layout.STDERR_AT);
            long stdout = map.getLong(Layout.STDOUT_AT);
            boolean damaged = stdout < 0 || stderr < 0;
            return damaged ? EVERYTHING : new OutputRange(stdout, OutputRange.END, stderr, OutputRange.END);
        } catch (InternalError e) { // the file was cut short under the mapping
            return EVERYTHING;
        }
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

    /** How often the worker has said that it lives; 0 if it never did, or the file cannot be read. */
    public long beats() {
        return plain(Layout.BEAT_AT);
    }

    /** Bytes of the worker's heap that were in use at its last beat; 0 if it never had one. Its word, and unchecked. */
    public long heapUsed() {
        return plain(Layout.HEAP_AT);
    }

    private long plain(int at) {
        if (closed) {
            return 0;
        }
        try {
            return Layout.acquire(map, at);
        } catch (InternalError e) { // the file was cut short under the mapping
            return 0;
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
