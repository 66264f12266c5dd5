// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.net;

import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ReflectiveChannelFactory;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.multijvm.wire.Protocol;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One kind of event loop and its sockets: epoll where the system has it, else NIO, whose Unix sockets the JDK brings. Both
 * ends run gRPC's callbacks on that one loop ({@code directExecutor}): a hand-over between threads costs more than a
 * message.
 */
public enum Transport {
    EPOLL,
    NIO;

    /** Set to {@code epoll} or {@code nio}, this system property decides. */
    public static final String PROPERTY = "io.multijvm.eventloop";

    private static final ThreadLocal<Boolean> OUR_LOOP = new ThreadLocal<>();

    private static final int WINDOW_BYTES = 4 << 20;
    private static final long KEEP_ALIVE_MILLIS = Protocol.KEEP_ALIVE.toMillis();
    private static final long SIGN_OF_LIFE_MILLIS = Protocol.SIGN_OF_LIFE.toMillis();

    /** Held here, for the logging system keeps a logger's level only as long as somebody keeps the logger. */
    private static final Logger BOOTSTRAP = Logger.getLogger("io.grpc.netty.shaded.io.netty.bootstrap");

    static {
        // gRPC sets SO_KEEPALIVE on every socket; for each domain socket netty warns that there is no such option
        BOOTSTRAP.setLevel(Level.SEVERE);
        UnsentFilter.install();
        NonsenseFilter.install();
        StrangersFilter.install();
    }

    /** What this JVM uses. */
    public static Transport here() {
        String wanted = System.getProperty(PROPERTY, "");
        return switch (wanted) {
            case "epoll" -> EPOLL;
            case "nio" -> NIO;
            case "" -> Epoll.isAvailable() ? EPOLL : NIO;
            default -> throw new IllegalArgumentException(PROPERTY + " must be epoll or nio, not " + wanted);
        };
    }

    /** A group of one daemon thread. */
    public EventLoopGroup newLoop(String threadName) {
        IoHandlerFactory io = this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(1, new OurThreads(threadName), io);
    }

    /** Threads that run our loops and nothing else. */
    private static final class OurThreads extends DefaultThreadFactory {
        OurThreads(String name) {
            super(name, true);
        }

        @Override
        protected Thread newThread(Runnable loop, String name) {
            return super.newThread(
                    () -> {
                        OUR_LOOP.set(true);
                        loop.run();
                    },
                    name);
        }
    }

    /** Whether this thread runs a loop that was made here. */
    static boolean isOurLoop() {
        return Boolean.TRUE.equals(OUR_LOOP.get());
    }

    /** A client's channel to the hub, on its loop. */
    public NettyChannelBuilder client(HubAddress address, EventLoopGroup loop) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(socket(address))
                .channelType(clientType(address), socket(address).getClass())
                .eventLoopGroup(loop)
                .directExecutor()
                .usePlaintext()
                .overrideAuthority("localhost")
                .proxyDetector(target -> null)
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(Protocol.MAX_MESSAGE_BYTES);
        return mayBeElsewhere(address)
                ? builder.keepAliveTime(KEEP_ALIVE_MILLIS, TimeUnit.MILLISECONDS)
                        .keepAliveTimeout(SIGN_OF_LIFE_MILLIS, TimeUnit.MILLISECONDS)
                : builder;
    }

    /** A machine that stops does not say so. */
    private static boolean mayBeElsewhere(HubAddress address) {
        return address.served() && address.path() == null;
    }

    /** A hub's server, or that of a manager, on its loop. */
    public NettyServerBuilder server(HubAddress address, EventLoopGroup loop) {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(socket(address))
                .channelType(serverType(address))
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .directExecutor()
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(Protocol.MAX_MESSAGE_BYTES);
        return mayBeElsewhere(address)
                ? builder.keepAliveTime(KEEP_ALIVE_MILLIS, TimeUnit.MILLISECONDS)
                        .keepAliveTimeout(SIGN_OF_LIFE_MILLIS, TimeUnit.MILLISECONDS)
                        .permitKeepAliveTime(KEEP_ALIVE_MILLIS / 2, TimeUnit.MILLISECONDS)
                : builder;
    }

    /** As {@link #server(HubAddress, EventLoopGroup)}; each connection that comes is first seen by that handler, on the loop. */
    public NettyServerBuilder server(HubAddress address, EventLoopGroup loop, ChannelHandler first) {
        ReflectiveChannelFactory<ServerChannel> plain = new ReflectiveChannelFactory<>(serverType(address));
        return server(address, loop).channelFactory(() -> {
            ServerChannel made = plain.newChannel();
            var unused = made.pipeline().addLast(first);
            return made;
        });
    }

    private Class<? extends Channel> clientType(HubAddress address) {
        if (address.path() == null) {
            return this == EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
        }
        return this == EPOLL ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class;
    }

    private Class<? extends ServerChannel> serverType(HubAddress address) {
        if (address.path() == null) {
            return this == EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        }
        return this == EPOLL ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
    }

    private SocketAddress socket(HubAddress address) {
        if (address.path() == null) {
            return address.inet();
        }
        return this == EPOLL
                ? new DomainSocketAddress(address.path().toString())
                : UnixDomainSocketAddress.of(address.path());
    }
}
