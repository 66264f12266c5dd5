// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.wire.pipe.ArrivingMessage;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who selects may have picked a way just before it was closed, and calls it just after that. */
class SocketWayTest {
    private static final int BOTH = SelectionKey.OP_READ | SelectionKey.OP_WRITE;

    @TempDir
    Path directory;

    private final AtomicInteger woken = new AtomicInteger();
    private SocketChannel here;
    private SocketChannel there;
    private SocketThread thread;
    private SocketWay way;

    @BeforeEach
    void connect() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
        try (ServerSocketChannel listens = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listens.bind(address);
            here = SocketChannel.open(address);
            there = listens.accept();
        }
        here.configureBlocking(false);
        thread = SocketThread.acquire();
        way = new SocketWay(here, thread, woken::incrementAndGet);
    }

    @AfterEach
    void end() throws Exception {
        thread.close(here);
        there.close();
        thread.release();
    }

    /** Everything that was asked for is possible. */
    private static final class Key extends SelectionKey {
        private volatile int interest = BOTH;

        Key(SocketThread.Socket socket) {
            attach(socket);
        }

        @Override
        public SelectableChannel channel() {
            throw new AssertionError("not needed");
        }

        @Override
        public Selector selector() {
            throw new AssertionError("not needed");
        }

        @Override
        public boolean isValid() {
            return true;
        }

        @Override
        public void cancel() {}

        @Override
        public int interestOps() {
            return interest;
        }

        @Override
        public SelectionKey interestOps(int operations) {
            interest = operations;
            return this;
        }

        @Override
        public int readyOps() {
            return BOTH;
        }
    }

    @Test
    void aWayThatIsClosedTakesNothingOfWhatItsFarewellWaitsFor() {
        Key key = new Key(new Farewell(here, thread));
        way.ready(key);
        assertThat(key.interestOps())
                .as("the rest goes out, and the end is seen")
                .isEqualTo(BOTH);
        assertThat(woken).as("nobody waits there any more").hasValue(0);
    }

    @Test
    void aFarewellThatHasNothingToSendWaitsForNoRoomThatItsWayAskedForLast() throws Exception {
        Farewell farewell = new Farewell(here, thread);
        farewell.begin(null);
        Key key = new Key(farewell);
        farewell.ready(key);
        assertThat(key.interestOps()).as("it would be ready again and again").isEqualTo(SelectionKey.OP_READ);
    }

    @Test
    void aPartForWhichThereIsNoMemoryComesAgain() throws Exception {
        int more = Integer.MAX_VALUE; // than an array can have
        there.write(ByteBuffer.allocate(13)
                .putInt(1)
                .putInt(more)
                .putInt(1)
                .put((byte) 7)
                .flip());
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> way.pull(new ArrivingMessage())).isInstanceOf(OutOfMemoryError.class);
        }
    }

    @Test
    void aWayThatIsOpenIsWokenOnceForWhatItHasAskedFor() {
        Key key = new Key(way);
        way.ready(key);
        assertThat(key.interestOps()).isZero();
        assertThat(woken).hasValue(1);
    }
}
