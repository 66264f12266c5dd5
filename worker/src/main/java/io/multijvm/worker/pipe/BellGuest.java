// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.wire.objects.ManagerKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/**
 * Somebody who rings our bell. Until it has proved that it knows the manager's key nothing else is read, and after that
 * nothing but rings. Called by who selects, one at a time.
 */
final class BellGuest implements SocketThread.Socket {
    private static final int RINGS = 512;

    private final SocketChannel channel;
    private final ManagerKey key;
    private final long manager;
    private final BellTarget target;
    private final Consumer<BellGuest> onEnd;
    private final byte[] challenge = ManagerKey.challenge();
    private final ByteBuffer proof = ByteBuffer.allocate(Handshake.PROOF_BYTES);
    private final ByteBuffer rings = ByteBuffer.allocate(RINGS);
    private long deadline = System.nanoTime() + Handshake.LIMIT.toNanos();

    BellGuest(SocketChannel channel, ManagerKey key, long manager, BellTarget target, Consumer<BellGuest> onEnd)
            throws IOException {
        this.channel = channel;
        this.key = key;
        this.manager = manager;
        this.target = target;
        this.onEnd = onEnd;
        channel.configureBlocking(false);
        if (channel.write(ByteBuffer.wrap(challenge)) != challenge.length) {
            throw new IOException("a new socket has no room");
        }
    }

    SocketChannel channel() {
        return channel;
    }

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        if (deadline != Long.MAX_VALUE) {
            prove();
            return;
        }
        if (channel.read(rings) < 0) {
            throw new IOException("it is gone");
        }
        rings.flip();
        while (rings.remaining() >= Long.BYTES) {
            long word = rings.getLong();
            target.rung(Bells.pipe(word), Bells.isRight(word));
        }
        rings.compact();
    }

    private void prove() throws IOException {
        if (channel.read(proof) < 0) {
            throw new IOException("it is gone");
        }
        if (proof.hasRemaining()) {
            return;
        }
        if (!key.isSignedBy(ManagerKey.Side.RINGER, proof.array(), manager, challenge, new byte[0])) {
            throw new IOException("it does not know the key");
        }
        deadline = Long.MAX_VALUE;
    }

    @Override
    public void failed(Exception why) {
        Channels.close(channel);
        onEnd.accept(this);
    }
}
