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
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connections of programs that have no manager in common. */
public final class Connections {
    /** Nobody tells when there is room. */
    private static final long AGAIN_MILLIS = 10;

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
            channel = proved(address, handshake);
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
        SocketChannel channel = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        try {
            if (!unix) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            channel.configureBlocking(false);
            return channel;
        } catch (IOException e) {
            Channels.close(channel);
            throw e;
        }
    }

    /** With a selector of its own, whose waits end by the clock and by an interrupt, and close nothing. */
    private static SocketChannel proved(SocketAddress address, Handshake handshake) throws IOException {
        long deadline = System.nanoTime() + Handshake.LIMIT.toNanos();
        try (Selector selector = Selector.open()) {
            SocketChannel channel = begun(address, selector, deadline);
            try {
                prove(channel, selector, handshake, deadline);
                return channel;
            } catch (IOException e) {
                Channels.close(channel);
                throw e;
            }
        }
    }

    /** Connects, or has begun to. */
    private static SocketChannel begun(SocketAddress address, Selector selector, long deadline) throws IOException {
        while (true) {
            SocketChannel channel = open(address instanceof UnixDomainSocketAddress);
            try {
                boolean unused = channel.connect(address);
                return channel;
            } catch (IOException e) {
                Channels.close(channel);
                if (!isCrowded(address, e) || System.nanoTime() - deadline >= 0) {
                    throw e;
                }
                pause(selector, AGAIN_MILLIS);
            }
        }
    }

    /** Whether somebody listens there, and more wait to be let in than the system keeps: a Unix socket refuses these at once. */
    private static boolean isCrowded(SocketAddress address, IOException why) {
        return address instanceof UnixDomainSocketAddress unix
                && why.getClass() == SocketException.class // not of those that say that nobody listens there
                && Files.exists(unix.getPath());
    }

    private static void prove(SocketChannel channel, Selector selector, Handshake handshake, long deadline)
            throws IOException {
        SelectionKey waits = channel.register(selector, SelectionKey.OP_CONNECT);
        while (!channel.finishConnect()) {
            await(selector, deadline);
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

    private static void await(Selector selector, long deadline) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            throw new IOException("no proof came within " + Handshake.LIMIT.toSeconds() + " s");
        }
        pause(selector, left);
    }

    private static void pause(Selector selector, long millis) throws IOException {
        selector.select(millis);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
    }
}
