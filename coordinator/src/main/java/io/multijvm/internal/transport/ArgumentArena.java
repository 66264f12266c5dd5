// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.internal.arena.SegmentMaker;
import io.multijvm.internal.arena.SegmentSize;
import io.multijvm.wire.arena.ArgumentRegion;
import io.multijvm.wire.arena.Extents;
import io.multijvm.wire.arena.SharedSegment;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Functions and items on their way to one worker through memory that it shares. Owned by the event loop, which decides where
 * what lies; support threads make segments and write large payloads, since 64 MiB take longer than a turn may.
 */
final class ArgumentArena {
    /** Up to this many bytes are written by the loop itself: they take less time than to wake another thread. */
    static final int WRITTEN_AT_ONCE = 256 << 10;

    private static final System.Logger LOG = System.getLogger(ArgumentArena.class.getName());

    private final SegmentMaker maker;
    private final Executor support;
    private final Executor loop;
    private final Line line;
    private final Map<Integer, Room> rooms = new HashMap<>();
    private final ArrayDeque<Placement> seeking = new ArrayDeque<>();
    /** What the worker has not said to have read. */
    private final Map<Long, Placement> out = new HashMap<>();

    private boolean making;
    /** Who places a payload sees what became of it, and need not be told. */
    private boolean placing;
    /** The worker can map nothing, or has gone. */
    private boolean refused;

    private int lastId;
    private int lastSize;
    private long total;

    /** What the worker is told. */
    interface Line {
        void segment(int id, String address, int bytes);

        void drop(int id);

        /** A payload that was waited for can go out now, one way or the other. */
        void moved();
    }

    /** A segment, what is taken in it, and whether the worker has mapped it. */
    static final class Room {
        final int id;
        final SharedSegment segment;
        final Extents extents;
        /** Nothing was ever written behind this, so no memory is reserved there. */
        int reservedTo;

        boolean mapped;
        /** A write failed: what is below {@link #reservedTo} cannot be relied on. */
        boolean spoilt;

        Room(int id, SharedSegment segment) {
            this.id = id;
            this.segment = segment;
            this.extents = new Extents(segment.bytes());
        }
    }

    ArgumentArena(SegmentMaker maker, Executor support, Executor loop, Line line) {
        this.maker = maker;
        this.support = support;
        this.loop = loop;
        this.line = line;
    }

    /** Begins to place a payload. Its state tells when the message that names it can go out, and which way. */
    Placement place(long payloadId, byte[] bytes, int offset, int length) {
        Placement payload = new Placement(payloadId, bytes, offset, length);
        if (refused || length > SharedSegment.MAX_BYTES - ArgumentRegion.HEADER) {
            payload.state = Placement.State.FRAMES;
            return payload;
        }
        placing = true;
        seeking.add(payload);
        seek();
        placing = false;
        return payload;
    }

    private void seek() {
        while (!making && !seeking.isEmpty()) {
            Placement payload = seeking.peek();
            if (refused) {
                payload.state = Placement.State.FRAMES;
            } else if (!take(payload)) {
                int size = SegmentSize.next(payload.length + (long) ArgumentRegion.HEADER, lastSize, total);
                if (size > 0 && runs(() -> make(size))) {
                    making = true;
                    return;
                }
                payload.state = Placement.State.FRAMES;
            }
            seeking.remove();
        }
    }

    private boolean take(Placement payload) {
        for (Room room : rooms.values()) {
            int region = room.spoilt ? -1 : room.extents.allocate(payload.length + ArgumentRegion.HEADER);
            if (region >= 0) {
                payload.state = Placement.State.WRITING;
                payload.room = room;
                payload.region = region;
                out.put(payload.payloadId, payload);
                write(payload, room, region);
                return true;
            }
        }
        return false;
    }

    private void write(Placement payload, Room room, int region) {
        int end = region + ArgumentRegion.HEADER + payload.length;
        boolean fresh = end > room.reservedTo;
        room.reservedTo = Math.max(room.reservedTo, end);
        if (!room.segment.lease()) {
            throw new IllegalStateException("segment " + room.id + " is gone while it is in use");
        }
        try {
            if (!fresh) {
                // the worker copies out behind the writer
                ArgumentRegion.begin(room.segment, region);
                payload.tellable = true;
                if (payload.length <= WRITTEN_AT_ONCE) {
                    fill(payload, room, false);
                    written(payload, room, true);
                    return;
                }
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "shared memory is gone", e);
            written(payload, room, false);
            return;
        }
        if (!runs(() -> fillAside(payload, room, fresh))) {
            written(payload, room, false);
            return;
        }
        tell(payload, room);
    }

    private static void fill(Placement payload, Room room, boolean fresh) throws IOException {
        if (fresh) {
            ArgumentRegion.writeNew(room.segment, payload.region, payload.bytes, payload.offset, payload.length);
        } else {
            ArgumentRegion.write(room.segment, payload.region, payload.bytes, payload.offset, payload.length);
        }
    }

    /** In a support thread. */
    private void fillAside(Placement payload, Room room, boolean fresh) {
        boolean whole = false;
        try {
            fill(payload, room, fresh);
            whole = true;
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a large payload crosses in frames: no shared memory", e);
        } finally {
            boolean done = whole;
            onLoop(() -> written(payload, room, done), room.segment);
        }
    }

    private void written(Placement payload, Room room, boolean whole) {
        room.segment.release();
        payload.written = true;
        if (whole) {
            payload.tellable = true;
            tell(payload, room);
        } else {
            room.spoilt = true;
            if (payload.state == Placement.State.WRITING) {
                inFrames(payload);
            }
        }
        freeIfDone(payload);
    }

    private void tell(Placement payload, Room room) {
        if (payload.state == Placement.State.WRITING && payload.tellable && room.mapped) {
            payload.state = Placement.State.PLACED;
            moved();
        }
    }

    private void inFrames(Placement payload) {
        payload.state = Placement.State.FRAMES;
        payload.read = true;
        freeIfDone(payload);
        moved();
    }

    private void moved() {
        if (!placing) {
            line.moved();
        }
    }

    private void freeIfDone(Placement payload) {
        Room room = payload.room;
        if (!payload.written || !payload.read || room == null || out.remove(payload.payloadId) == null) {
            return;
        }
        room.extents.free(payload.region);
        dropWhatIsTooMuch();
    }

    /** In a support thread. */
    private void make(int size) {
        SharedSegment made;
        try {
            made = maker.make(size);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a large payload crosses in frames: no shared memory", e);
            onLoop(this::notMade, null);
            return;
        }
        onLoop(() -> made(made), made);
    }

    /** @param leased given back if the loop has ended */
    private void onLoop(Runnable action, @Nullable SharedSegment leased) {
        try {
            loop.execute(action);
        } catch (RejectedExecutionException e) { // the hub has stopped, and with it every connection
            if (leased != null) {
                leased.release();
            }
        }
    }

    private void made(SharedSegment segment) {
        making = false;
        if (refused) {
            segment.release();
        } else {
            Room room = new Room(++lastId, segment);
            rooms.put(room.id, room);
            lastSize = segment.bytes();
            total += segment.bytes();
            line.segment(room.id, segment.address(), segment.bytes());
        }
        seek();
        line.moved();
    }

    private void notMade() {
        making = false;
        Placement first = seeking.poll();
        if (first != null) {
            first.state = Placement.State.FRAMES;
        }
        seek();
        line.moved();
    }

    /** The worker has mapped a segment, or cannot. Returns false if there is none such. */
    boolean mapped(int id, boolean successfully) {
        Room room = rooms.get(id);
        if (room == null || room.mapped) {
            return false;
        }
        if (!successfully) {
            refused = true;
            for (Placement payload : List.copyOf(out.values())) {
                if (payload.state == Placement.State.WRITING) {
                    inFrames(payload);
                }
            }
            seek();
            line.moved();
            return true;
        }
        room.mapped = true;
        for (Placement payload : List.copyOf(out.values())) {
            if (payload.room == room) {
                tell(payload, room);
            }
        }
        return true;
    }

    /** The worker is done with a payload. Returns false if it was never told of it. */
    boolean read(long payloadId) {
        Placement payload = out.get(payloadId);
        if (payload == null || payload.state != Placement.State.PLACED || payload.read) {
            return false;
        }
        payload.read = true;
        freeIfDone(payload);
        return true;
    }

    private void dropWhatIsTooMuch() {
        for (Iterator<Room> all = rooms.values().iterator(); all.hasNext(); ) {
            Room room = all.next();
            if (room.extents.isEmpty() && (room.spoilt || total > SegmentSize.KEEP_BYTES)) {
                all.remove();
                total -= room.segment.bytes();
                line.drop(room.id);
                room.segment.release();
            }
        }
    }

    /** The connection has ended. What a thread still writes keeps its segment until it is done. */
    void end() {
        refused = true;
        seeking.clear();
        out.clear();
        new ArrayList<>(rooms.values()).forEach(room -> room.segment.release());
        rooms.clear();
    }

    private boolean runs(Runnable action) {
        try {
            support.execute(action);
            return true;
        } catch (RejectedExecutionException e) { // the pool has ended
            return false;
        }
    }
}
