// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a connection that was closed here: first the rest of the last frame goes out, however long the other side
 * takes to make room for it, for its sender was told that it arrives. Then, until the other side closes too, or a while has
 * passed, what comes is read and dropped: a socket that is closed with something unread resets the connection, and the other side
 * would lose what it has not read yet. Called by who selects, one at a time.
 */
final class Farewell implements SocketThread.Socket {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final SocketChannel channel;
    private final SocketThread thread;
    private final ByteBuffer dropped = ByteBuffer.allocate(64 << 10);
    /** What has to go out yet. */
    private volatile @Nullable ByteBuffer rest;

    private volatile long deadline = Long.MAX_VALUE;
    private boolean over;

    Farewell(SocketChannel channel, SocketThread thread) {
        this.channel = channel;
        this.thread = thread;
    }

    /** Before it is watched. */
    void begin(@Nullable ByteBuffer last) throws IOException {
        rest = last;
        if (last == null) {
            allIsOut();
        }
    }

    private void allIsOut() throws IOException {
        deadline = System.nanoTime() + LIMIT.toNanos();
        channel.shutdownOutput();
    }

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        ByteBuffer last = rest;
        if (last == null) {
            ready.interestOps(SelectionKey.OP_READ); // who selects may have asked for room just before this took over
        } else {
            channel.write(last);
            if (!last.hasRemaining()) {
                rest = null;
                ready.interestOps(SelectionKey.OP_READ);
                allIsOut();
            }
        }
        if (channel.read(dropped.clear()) < 0) { // nobody there receives any more
            end();
        }
    }

    @Override
    public void failed(Exception why) {
        end();
    }

    synchronized void end() {
        if (!over) {
            over = true;
            thread.close(channel);
            thread.release();
        }
    }
}
