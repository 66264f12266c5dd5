// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.arena;

import io.multijvm.wire.arena.PlacedBytes;
import io.multijvm.wire.arena.SharedSegment;
import io.multijvm.wire.mapped.CorruptRingException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The segments that one incarnation writes its large results into. Made here when the worker asks, so that this side has them
 * mapped before anything is in them: what a worker has committed stays readable whatever becomes of it.
 *
 * <p>Owned by the event loop, but that results may be read and released by any thread; a segment goes when this arena is
 * closed and the last of its results was released. Where a worker says that a result lies is not believed: every number is
 * checked, and the bytes are copied out before they are.
 */
public final class ResultArena {
    private static final System.Logger LOG = System.getLogger(ResultArena.class.getName());

    private final SegmentMaker maker;
    private final Executor support;
    private final Executor loop;
    private final Map<Integer, SharedSegment> segments = new HashMap<>();
    private final Queue<Region> read = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean tellDue = new AtomicBoolean();
    private @Nullable Line line;
    private boolean asked;
    private boolean closed;
    private int lastId;
    private int lastSize;
    private long total;

    /** What the worker is told. Called on the loop. */
    public interface Line {
        /** There is a segment for its results. */
        void segment(int id, String address, int bytes);

        /** There is none. */
        void noRoom();

        /** These results were read. */
        void read(List<Region> regions);
    }

    /** Where a result lay. */
    public record Region(int segment, int offset) {}

    /**
     * @param support for what takes time: making and reserving memory
     * @param loop the event loop
     */
    public ResultArena(SegmentMaker maker, Executor support, Executor loop) {
        this.maker = maker;
        this.support = support;
        this.loop = loop;
    }

    /** The worker can be told from now on, until {@link #disconnect}. */
    public void connect(Line worker) {
        line = worker;
    }

    /** It cannot be told any more; what it has committed can still be resolved. */
    public void disconnect() {
        line = null;
    }

    /**
     * The worker has a result of so many bytes; it gets a segment, or the word that there is none.
     *
     * @return false if it has asked before and not waited for the answer, as no worker of ours does
     */
    public boolean needRoom(long bytes) {
        if (asked) {
            return false;
        }
        asked = true;
        int size = SegmentSize.next(bytes, lastSize, total);
        if (size == 0) {
            noRoom();
            return true;
        }
        try {
            support.execute(() -> make(size));
        } catch (RejectedExecutionException e) { // the pool has ended
            noRoom();
        }
        return true;
    }

    private void make(int size) {
        SharedSegment made = null;
        try {
            made = maker.make(size);
            made.reserve();
            SharedSegment whole = made;
            loop.execute(() -> add(whole));
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a large result crosses in frames: no shared memory", e);
            if (made != null) {
                made.release();
            }
            if (!(e instanceof RejectedExecutionException)) { // that is: the hub has stopped
                loop.execute(this::noRoom);
            }
        }
    }

    private void add(SharedSegment segment) {
        Line worker = line;
        asked = false;
        if (closed || worker == null) {
            segment.release();
            return;
        }
        lastSize = segment.bytes();
        total += segment.bytes();
        segments.put(++lastId, segment);
        worker.segment(lastId, segment.address(), segment.bytes());
    }

    private void noRoom() {
        asked = false;
        if (line != null) {
            line.noRoom();
        }
    }

    /** The worker will write no more into this segment, or could not map it. Returns false if there is none such. */
    public boolean givenUp(int id) {
        SharedSegment segment = segments.remove(id);
        if (segment == null) {
            return false;
        }
        total -= segment.bytes();
        segment.release();
        return true;
    }

    /**
     * The result that a committed record names.
     *
     * @throws CorruptRingException if there can be none where it says
     */
    public PlacedResult resolve(byte[] record) {
        PlacedBytes place = PlacedBytes.of(record);
        SharedSegment segment = segments.get(place.segment());
        if (segment == null || (long) place.offset() + place.length() > segment.bytes() || !segment.lease()) {
            throw new CorruptRingException("the worker's results cannot be trusted: one lies at " + place.offset()
                    + " with " + place.length() + " bytes in segment " + place.segment()
                    + (segment == null ? ", which there is not" : " of " + segment.bytes() + " bytes"));
        }
        return new PlacedResult(segment, place, () -> {
            read.add(new Region(place.segment(), place.offset()));
            tellSoon();
        });
    }

    private void tellSoon() {
        if (tellDue.compareAndSet(false, true)) {
            try {
                loop.execute(this::tell);
            } catch (RejectedExecutionException e) {
                // the hub has stopped, and with it the worker that would want to know
            }
        }
    }

    private void tell() {
        tellDue.set(false);
        List<Region> regions = new ArrayList<>();
        for (Region region = read.poll(); region != null; region = read.poll()) {
            regions.add(region);
        }
        if (line != null && !regions.isEmpty()) {
            line.read(regions);
        }
    }

    /** The incarnation is gone, and its ring was drained. What was resolved stays until it is released. */
    public void close() {
        closed = true;
        line = null;
        segments.values().forEach(SharedSegment::release);
        segments.clear();
    }
}
