// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.wire.pipe.ArrivingMessage;
import io.multijvm.wire.pipe.PipeMemory;
import io.multijvm.wire.pipe.PipeRing;
import org.jspecify.annotations.Nullable;

/** Through memory that both ends map; a side that waits is woken by its bell. */
public final class MappedWay implements Way {
    private final PipeMemory memory;
    private final Bells bells;
    private final long pipe;
    private final boolean right;
    private final @Nullable PipeRing out;
    private final @Nullable PipeRing in;
    private volatile @Nullable String otherClosed;

    /**
     * @param right whether this is the right end
     * @param bothWays if not, the right one receives and the left one sends
     */
    public MappedWay(PipeMemory memory, Bells bells, long pipe, boolean right, boolean bothWays) {
        this.memory = memory;
        this.bells = bells;
        this.pipe = pipe;
        this.right = right;
        this.out = bothWays || !right ? memory.ringTo(!right) : null;
        this.in = bothWays || right ? memory.ringTo(right) : null;
    }

    @Override
    public boolean sends() {
        return out != null;
    }

    @Override
    public boolean receives() {
        return in != null;
    }

    @Override
    public int offer(boolean first, boolean raw, int total, byte[] from, int offset, int length) {
        if (out == null) {
            return NO_ROOM;
        }
        int taken = out.write(first, raw, total, from, offset, length);
        if (taken >= 0 && out.takeReader()) {
            try {
                ring();
            } catch (OutOfMemoryError e) { // the next part rings again
                out.raiseReader();
                throw e;
            }
        }
        return taken;
    }

    /** After its word was taken: the process that raised it is then the holder, or one that has looked since. */
    private void ring() {
        bells.ring(memory.holder(!right), pipe, !right);
    }

    @Override
    public void wantRoom(int length) {
        if (out != null) {
            out.raiseWriter(length);
        }
    }

    @Override
    public boolean hasRoom(int length) {
        return otherClosed != null || (out != null && out.hasRoom(length));
    }

    @Override
    public boolean pull(ArrivingMessage into) {
        if (in == null || !in.read(into)) {
            return false;
        }
        if (in.takeWriter()) {
            try {
                ring();
            } catch (OutOfMemoryError e) { // the next part rings again
                in.raiseWriter(0);
                throw e;
            }
        }
        return true;
    }

    @Override
    public void wantPart() {
        if (in != null) {
            in.raiseReader();
        }
    }

    @Override
    public boolean hasPart() {
        return otherClosed != null || (in != null && in.hasPart());
    }

    @Override
    public boolean isQuick() {
        return true;
    }

    /** The other end was closed, after everything that was sent there. */
    public void otherClosed(String why) {
        otherClosed = why;
    }

    @Override
    public @Nullable String ended() {
        return otherClosed;
    }

    @Override
    public @Nullable String broken() {
        return otherClosed;
    }
}
