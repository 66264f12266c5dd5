// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.wire.pipe.ArrivingMessage;
import io.multijvm.wire.pipe.PipePart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Through a connection of two programs. Each part is a frame: how long it is, how long its message is, and what it is, four
 * bytes each, then its bytes. The channel does not block, so that an interrupt closes nothing; what the system does not take
 * of a frame waits here, and nothing else is sent before it.
 */
final class SocketWay implements Way, SocketThread.Socket {
    private static final int HEADER_BYTES = 3 * Integer.BYTES;
    private static final int FIRST = 1;
    private static final int RAW = 2;
    private static final String GONE = "the other side has closed the connection, or has ended";

    private final SocketChannel channel;
    private final SocketThread thread;
    private final SelectionKey key;
    private final Runnable wake;
    /** The rest of a frame. Guarded by this. */
    private @Nullable ByteBuffer rest;
    /** What has come and makes no whole frame yet. The receiver's. */
    private final ByteBuffer in = ByteBuffer.allocate(HEADER_BYTES + PipePart.MOST_BYTES);

    private volatile @Nullable String ended;
    private volatile @Nullable String broken;

    /**
     * @param channel connected, and proved; does not block
     * @param thread one use of it, which ends with this
     * @param wake whoever waits at the end
     */
    SocketWay(SocketChannel channel, SocketThread thread, Runnable wake) throws IOException {
        this.channel = channel;
        this.thread = thread;
        this.wake = wake;
        this.key = thread.watch(channel, 0, this);
    }

    @Override
    public boolean sends() {
        return true;
    }

    @Override
    public boolean receives() {
        return true;
    }

    @Override
    public synchronized int offer(boolean first, boolean raw, int total, byte[] from, int offset, int length) {
        if (!settled()) {
            return NO_ROOM;
        }
        int part = Math.min(length, PipePart.MOST_BYTES);
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + part);
        frame.putInt(part).putInt(total).putInt((first ? FIRST : 0) | (raw ? RAW : 0));
        rest = frame.put(from, offset, part).flip();
        boolean unused = settled();
        return part;
    }

    @Override
    public synchronized boolean settled() {
        ByteBuffer waiting = rest;
        if (waiting == null) {
            return broken == null;
        }
        try {
            channel.write(waiting);
            if (!waiting.hasRemaining()) {
                rest = null;
            }
        } catch (IOException e) {
            broken = GONE + " (" + e.getMessage() + ")";
        }
        return rest == null;
    }

    /** What is left of the frame goes out by itself. */
    @Override
    public boolean withdraw() {
        wantRoom(0);
        return broken == null;
    }

    @Override
    public void wantRoom(int length) {
        thread.want(key, SelectionKey.OP_WRITE);
    }

    @Override
    public boolean pull(ArrivingMessage into) {
        try {
            while (!hasFrame()) {
                int n = ended != null ? -1 : channel.read(in);
                if (n < 0) {
                    ended = ended == null ? GONE : ended;
                    return false;
                } else if (n == 0) {
                    return false;
                }
            }
        } catch (IOException e) {
            ended = GONE + " (" + e.getMessage() + ")";
            return false;
        }
        byte[] data = new byte[in.getInt(0)];
        int total = in.getInt(Integer.BYTES);
        int what = in.getInt(2 * Integer.BYTES);
        in.get(HEADER_BYTES, data);
        into.add(new PipePart((what & FIRST) != 0, (what & RAW) != 0, total, data)); // no memory: it comes again
        in.flip().position(HEADER_BYTES + data.length);
        in.compact();
        return true;
    }

    private boolean hasFrame() throws IOException {
        if (in.position() < HEADER_BYTES) {
            return false;
        }
        int part = in.getInt(0);
        if (part < 0 || part > PipePart.MOST_BYTES || in.getInt(Integer.BYTES) < part) {
            throw new IOException("a frame of " + part + " bytes makes no sense");
        }
        return in.position() >= HEADER_BYTES + part;
    }

    @Override
    public void wantPart() {
        thread.want(key, SelectionKey.OP_READ);
    }

    /** One look shows only what the system has brought; the next sees that it was the last. */
    @Override
    public boolean isRemote() {
        return true;
    }

    @Override
    public @Nullable String ended() {
        return ended;
    }

    @Override
    public @Nullable String broken() {
        return broken;
    }

    @Override
    public void ready(SelectionKey ready) {
        synchronized (this) {
            if (ready.attachment() != this) {
                return; // it is closed, and what is left goes out without it
            }
            ready.interestOpsAnd(~ready.readyOps());
        }
        if (ready.isWritable() && !settled() && broken == null) {
            wantRoom(0);
        }
        wake.run();
    }

    @Override
    public void failed(Exception why) {
        String said = GONE + " (" + why.getMessage() + ")";
        ended = said;
        broken = said;
        wake.run();
    }

    /**
     * Nobody uses it any more. What was sent is on its way or goes out by itself, and is not cut off by what the other side still
     * sends.
     */
    void close() {
        Farewell farewell = new Farewell(channel, thread);
        try {
            ByteBuffer left;
            synchronized (this) {
                left = settled() || broken != null ? null : rest;
                rest = null;
            }
            farewell.begin(left);
            synchronized (this) {
                key.attach(farewell);
                key.interestOps(SelectionKey.OP_READ | (left == null ? 0 : SelectionKey.OP_WRITE));
            }
            thread.want(key, SelectionKey.OP_READ);
        } catch (IOException | RuntimeException e) { // the other side was first
            farewell.end();
        }
    }
}
