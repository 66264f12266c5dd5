// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.ForyCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.PipeListener;
import io.multijvm.wire.objects.ManagerKey;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connections of programs that have no manager in common. */
public final class Connections {
    private Connections() {}

    /** See {@link PipeEnd#listen}. */
    public static <T extends @Nullable Object> PipeListener<T> listen(
            SocketAddress address, byte[] key, Class<?> caller, String... allow) {
        ManagerKey known = Handshake.key(key);
        if (address instanceof InetSocketAddress inet
                && (inet.getAddress() == null || inet.getAddress().isAnyLocalAddress())) {
            throw new IllegalArgumentException("address " + address
                    + " is a wildcard, which every network could reach, or no address at all; name that of one interface,"
                    + " best the loopback one");
        }
        requireKnown(address);
        try {
            return new ListenerHere<>(address, known, codec(caller, allow));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen at " + address + ": " + e.getMessage(), e);
        }
    }

    private static void requireKnown(SocketAddress address) {
        if (!(address instanceof InetSocketAddress) && !(address instanceof UnixDomainSocketAddress)) {
            throw new IllegalArgumentException(
                    "address " + address + " is neither an InetSocketAddress nor a UnixDomainSocketAddress");
        }
    }

    private static ValueCodec codec(Class<?> caller, String... allow) {
        ClassLoader theirs = caller.getClassLoader();
        return new ValueCodec(
                new ForyCodec(),
                theirs == null ? ClassLoader.getSystemClassLoader() : theirs,
                AllowList.forTask(caller, Arrays.asList(allow)));
    }

    /** See {@link PipeEnd#connect}. */
    public static <T extends @Nullable Object> PipeEnd<T> connect(
            SocketAddress address, byte[] key, Class<?> caller, String... allow) {
        Handshake handshake = new Handshake(Handshake.key(key));
        requireKnown(address);
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw new IllegalArgumentException("address " + address + " is not resolved: no such host is known");
        }
        ValueCodec codec = codec(caller, allow);
        SocketChannel channel = null;
        SocketThread thread = null;
        try {
            channel = open(address instanceof UnixDomainSocketAddress);
            channel.configureBlocking(false);
            prove(channel, address, handshake);
            thread = SocketThread.acquire();
            return new ConnectedEnd<>(channel, thread, codec, "the connection to " + address);
        } catch (IOException e) {
            if (channel != null) {
                Channels.close(channel);
            }
            if (thread != null) {
                thread.release();
            }
            throw new UncheckedIOException("cannot connect to " + address + ": " + e.getMessage(), e);
        }
    }

    private static SocketChannel open(boolean unix) throws IOException {
        if (unix) {
            return SocketChannel.open(StandardProtocolFamily.UNIX);
        }
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel;
    }

    /** With a selector of its own, whose waits end by the clock and by an interrupt, and close nothing. */
    private static void prove(SocketChannel channel, SocketAddress address, Handshake handshake) throws IOException {
        long deadline = System.nanoTime() + Handshake.LIMIT.toNanos();
        try (Selector selector = Selector.open()) {
            SelectionKey waits = channel.register(selector, SelectionKey.OP_CONNECT);
            boolean connected = channel.connect(address);
            while (!connected) {
                await(selector, deadline);
                connected = channel.finishConnect();
            }
            waits.interestOps(SelectionKey.OP_READ);
            channel.write(ByteBuffer.wrap(handshake.hello())); // a new socket has room for so much
            ByteBuffer answer = ByteBuffer.allocate(Handshake.ANSWER_BYTES);
            while (answer.hasRemaining()) {
                await(selector, deadline);
                if (channel.read(answer) < 0) {
                    throw new IOException("who listens there has refused us");
                }
            }
            if (!handshake.isGoodAnswer(answer.array())) {
                throw new IOException("who listens there does not know the key");
            }
            channel.write(ByteBuffer.wrap(handshake.proof(answer.array())));
        }
    }

    private static void await(Selector selector, long deadline) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            throw new IOException("no proof came within " + Handshake.LIMIT.toSeconds() + " s");
        }
        selector.select(left);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
    }
}
