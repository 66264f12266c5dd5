// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * What is left of a connection that was closed here: until the other side closes too, or a while has passed, what comes is
 * read and dropped. A socket that is closed with something unread resets the connection, and the other side would lose what it
 * has not read yet. Called by who selects, one at a time.
 */
final class Farewell implements SocketThread.Socket {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final SocketChannel channel;
    private final SocketThread thread;
    private final ByteBuffer dropped = ByteBuffer.allocate(64 << 10);
    private final long deadline = System.nanoTime() + LIMIT.toNanos();
    private boolean over;

    Farewell(SocketChannel channel, SocketThread thread) {
        this.channel = channel;
        this.thread = thread;
    }

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        if (channel.read(dropped.clear()) < 0) {
            end();
        }
    }

    @Override
    public void failed(Exception why) {
        end();
    }

    private void end() {
        if (!over) {
            over = true;
            Channels.close(channel);
            thread.release();
        }
    }
}
