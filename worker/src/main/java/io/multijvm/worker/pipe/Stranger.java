// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.wire.objects.ManagerKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * Somebody who has connected and has not proved yet that it knows the key. So long nothing is read but what proves it, which
 * has a fixed length. Called by who selects, one at a time.
 */
final class Stranger implements SocketThread.Socket {
    /** What becomes of it; told once. */
    interface Fate {
        /** It knows the key. */
        void admitted(Stranger stranger);

        void refused(Stranger stranger);
    }

    /** Long enough for who knows the key, also on a busy machine. */
    private static final Duration LIMIT_IN_A_CROWD = Duration.ofSeconds(1);

    private final SocketChannel channel;
    private final Handshake handshake;
    private final Fate fate;
    private final ByteBuffer hello = ByteBuffer.allocate(Handshake.HELLO_BYTES);
    private final ByteBuffer proof = ByteBuffer.allocate(Handshake.PROOF_BYTES);
    private final long since = System.nanoTime();
    private Duration limit = Handshake.LIMIT;
    private boolean answered;
    private boolean decided;

    Stranger(SocketChannel channel, ManagerKey key, Fate fate) {
        this.channel = channel;
        this.handshake = new Handshake(key);
        this.fate = fate;
    }

    SocketChannel channel() {
        return channel;
    }

    @Override
    public long deadline() {
        return decided ? Long.MAX_VALUE : since + limit.toNanos();
    }

    /** Others wait for its place. */
    void hurry() {
        limit = LIMIT_IN_A_CROWD;
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        if (decided) {
            return;
        }
        if (channel.read(hello.hasRemaining() ? hello : proof) < 0) {
            throw new IOException("it is gone");
        }
        if (!hello.hasRemaining() && !answered) {
            answered = true;
            answer();
        } else if (!proof.hasRemaining()) {
            if (!handshake.isGoodProof(hello.array(), proof.array())) {
                throw new IOException("it does not know the key");
            }
            decided = true;
            ready.interestOps(0);
            fate.admitted(this);
        }
    }

    private void answer() throws IOException {
        if (!Handshake.isHello(hello.array())) {
            throw new IOException("it is of another version, or something else");
        }
        byte[] answer = handshake.answer(hello.array());
        if (channel.write(ByteBuffer.wrap(answer)) != answer.length) {
            throw new IOException("a new socket has no room");
        }
    }

    @Override
    public void failed(Exception why) {
        Channels.close(channel);
        if (!decided) {
            decided = true;
            fate.refused(this);
        }
    }
}
