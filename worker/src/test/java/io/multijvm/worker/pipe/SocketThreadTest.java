// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SocketThreadTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** For a while there is no memory to look at it. */
    private static final class Costly implements SocketThread.Socket {
        private final AtomicInteger lacked = new AtomicInteger();
        private volatile boolean called;

        @Override
        public void ready(SelectionKey key) {
            called = true;
            key.interestOps(0);
        }

        @Override
        public void failed(Exception why) {}

        @Override
        public long deadline() {
            if (lacked.incrementAndGet() <= 3) {
                throw new OutOfMemoryError("played");
            }
            return Long.MAX_VALUE;
        }
    }

    @Test
    void aMomentWithoutMemoryEndsNotTheThreadThatAllSocketsWaitFor() throws Exception {
        SocketThread thread = SocketThread.acquire();
        Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel sink = pipe.sink()) {
            pipe.source().configureBlocking(false);
            Costly socket = new Costly();
            SelectionKey unused = thread.watch(pipe.source(), SelectionKey.OP_READ, socket);
            await().atMost(LONG).until(() -> socket.lacked.get() > 0);
            sink.write(ByteBuffer.allocate(1));
            await().atMost(LONG).until(() -> socket.called);
        } finally {
            thread.close(pipe.source());
            thread.release();
        }
    }
}
