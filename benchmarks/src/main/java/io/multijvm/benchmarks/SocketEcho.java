// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The second JVM of the socket's ping-pong: sends back what it gets until the other end closes. */
final class SocketEcho {
    /** Bytes of a message: about what a small task and its answer are. */
    static final int MESSAGE_BYTES = 100;

    private SocketEcho() {}

    public static void main(String[] args) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(args[0]))) {
            ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_BYTES);
            while (readWhole(channel, message)) {
                writeWhole(channel, message);
            }
        }
    }

    /** False at the end of the stream. */
    static boolean readWhole(SocketChannel channel, ByteBuffer message) throws IOException {
        message.clear();
        while (message.hasRemaining()) {
            if (channel.read(message) < 0) {
                return false;
            }
        }
        return true;
    }

    static void writeWhole(SocketChannel channel, ByteBuffer message) throws IOException {
        message.flip();
        while (message.hasRemaining()) {
            channel.write(message);
        }
    }
}
