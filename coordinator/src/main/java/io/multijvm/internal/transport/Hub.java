// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.grpc.Server;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.multijvm.internal.dispatch.WorkerListener;
import io.multijvm.internal.process.PrivateDirectory;
import io.multijvm.wire.Ticket;
import io.multijvm.wire.net.HubAddress;
import io.multijvm.wire.net.Transport;
import io.multijvm.wire.v1.Welcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What every worker process of this JVM connects to: one server, one socket, one event loop for all pools, started with the
 * first that needs it and closed with the last. The loop is also where the pools' dispatchers run.
 */
public final class Hub implements io.multijvm.internal.dispatch.EventLoop {
    /** Set to {@code unix} or {@code tcp}, this system property decides; else Unix sockets where they work. */
    public static final String PROPERTY = "io.multijvm.transport";

    private static final long STOP_SECONDS = 5;

    private static final Object LOCK = new Object();
    private static @Nullable Hub current; // guarded by LOCK
    private static int users; // guarded by LOCK

    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Clients clients;
    private final Server server;
    private final HubAddress address;
    private final @Nullable PrivateDirectory directory;

    private Hub() throws IOException {
        Transport transport = Transport.here();
        group = transport.newLoop("multijvm-hub");
        loop = group.next();
        clients = new Clients(loop);
        directory = useUnix() ? PrivateDirectory.createForSockets("multijvm-hub") : null;
        HubAddress wanted =
                directory != null ? HubAddress.unix(directory.path().resolve("hub.sock")) : HubAddress.tcp(0);
        server = transport
                .server(wanted, group)
                .intercept(clients.doorkeeper())
                .addService(clients.service())
                .build()
                .start();
        address = directory != null ? wanted : HubAddress.tcp(server.getPort());
    }

    private static boolean useUnix() {
        String wanted = System.getProperty(PROPERTY, "");
        return switch (wanted) {
            case "tcp" -> false;
            case "unix" -> true;
            case "" -> !System.getProperty("os.name", "").startsWith("Windows");
            default -> throw new IllegalArgumentException(PROPERTY + " must be unix or tcp, not " + wanted);
        };
    }

    /** The hub of this JVM, for one more user; each calls {@link #release()} once. */
    public static Hub acquire() {
        synchronized (LOCK) {
            try {
                if (current == null) {
                    current = new Hub();
                }
                users++;
                return current;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot listen for workers: " + e.getMessage(), e);
            }
        }
    }

    /**
     * One user less; the last one closes the hub, and waits for that.
     *
     * @throws IllegalStateException on the event loop, which cannot wait for itself
     */
    public void release() {
        if (inLoop()) {
            throw new IllegalStateException("the hub cannot be closed by its own thread");
        }
        synchronized (LOCK) {
            if (--users > 0) {
                return;
            }
            current = null;
        }
        close();
    }

    private void close() {
        server.shutdownNow();
        try {
            if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                System.getLogger(Hub.class.getName())
                        .log(System.Logger.Level.WARNING, "the server did not end within {0} s", STOP_SECONDS);
            }
            // a quiet period of none: nothing more can come (the default takes 2 s)
            if (!group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(STOP_SECONDS, TimeUnit.SECONDS)) {
                System.getLogger(Hub.class.getName())
                        .log(System.Logger.Level.WARNING, "the event loop did not end within {0} s", STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (directory != null) {
            directory.close();
        }
    }

    /** Where it listens, as a worker is told. */
    public String address() {
        return address.toString();
    }

    /**
     * Lets one process in.
     *
     * @param codec class name, for its welcome
     * @param jobPath jars of the job, for its welcome
     * @param listener hears what it says, on the loop
     */
    public Ticket register(String codec, List<Path> jobPath, WorkerListener listener) {
        return clients.register(
                ticket -> Welcome.newBuilder()
                        .setProof(ticket.proof())
                        .setProtocol(io.multijvm.wire.Protocol.VERSION)
                        .setCodec(codec)
                        .addAllJobPath(jobPath.stream().map(Path::toString).toList())
                        .build(),
                listener);
    }

    /** The process is gone or was never there: its ticket is void, its stream is ended if it has one. */
    public void withdraw(Ticket ticket) {
        clients.withdraw(ticket);
    }

    @Override
    public void execute(Runnable action) {
        loop.execute(action);
    }

    @Override
    public Timer schedule(Runnable action, Duration delay) {
        ScheduledFuture<?> due = loop.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> due.cancel(false);
    }

    @Override
    public boolean inLoop() {
        return loop.inEventLoop();
    }

    /** For tests: whether the socket's directory is still there. */
    boolean hasDirectory() {
        return directory != null && Files.exists(directory.path());
    }
}
