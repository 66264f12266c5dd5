// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.multijvm.internal.dispatch.WorkerListener;
import io.multijvm.internal.process.PrivateDirectory;
import io.multijvm.internal.shared.ManagerHome;
import io.multijvm.wire.Ticket;
import io.multijvm.wire.net.HubAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What all {@link Hub}s of this JVM share: the loop, the server on it, its socket, and who is expected. */
final class HubServer {
    /** So long it waits for the end of its connections, and then for that of its loop. */
    static final int STOP_SECONDS = 5;

    private final HubSettings settings;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Tickets tickets = new Tickets();
    private final ObjectService objects;
    private final Server server;
    private final HubAddress address;
    private final @Nullable PrivateDirectory directory;

    private HubServer(HubSettings settings, EventLoopGroup group, @Nullable PrivateDirectory directory)
            throws IOException {
        this.group = group;
        this.loop = group.next();
        this.directory = directory;
        this.settings = settings;
        this.objects = new ObjectService(loop, settings.helloTimeout(), null);
        HubAddress wanted = directory == null
                ? HubAddress.tcp(0)
                : HubAddress.unix(directory.path().resolve("hub.sock"));
        this.server = settings.transport()
                .server(wanted, group)
                .addService(ServerInterceptors.intercept(
                        new LinkService(loop, settings.helloTimeout()).definition(), tickets))
                .addService(objects.definition())
                .addStreamTracerFactory(StreamEnd.factory())
                // a worker has one stream, and a connection without one serves nobody
                .maxConcurrentCallsPerConnection(1)
                // who connects and says nothing at all is cut off as well
                .handshakeTimeout(settings.helloTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(settings.helloTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .build()
                .start();
        this.address = directory == null ? HubAddress.tcp(server.getPort()) : wanted;
    }

    /**
     * Starts a loop and a server.
     *
     * @throws UncheckedIOException if it cannot listen
     */
    static HubServer start(HubSettings settings) {
        EventLoopGroup group = settings.transport().newLoop("multijvm-hub");
        try {
            return switch (settings.socket()) {
                case UNIX -> onUnixSocket(settings, group);
                case TCP -> new HubServer(settings, group, null);
                case ANY -> onAny(settings, group);
            };
        } catch (IOException e) {
            stop(group);
            throw new UncheckedIOException(
                    "cannot listen for workers (" + e.getMessage() + "); the system property " + HubSettings.PROPERTY
                            + " chooses between unix and tcp",
                    e);
        } catch (RuntimeException e) {
            stop(group);
            throw e;
        }
    }

    private static HubServer onAny(HubSettings settings, EventLoopGroup group) throws IOException {
        try {
            return onUnixSocket(settings, group);
        } catch (IOException | UnsupportedOperationException noUnixSockets) {
            try {
                return new HubServer(settings, group, null);
            } catch (IOException e) {
                e.addSuppressed(noUnixSockets);
                throw e;
            }
        }
    }

    private static HubServer onUnixSocket(HubSettings settings, EventLoopGroup group) throws IOException {
        PrivateDirectory directory = PrivateDirectory.createForSockets("multijvm-hub");
        try {
            return new HubServer(settings, group, directory);
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    EventLoop loop() {
        return loop;
    }

    HubAddress address() {
        return address;
    }

    /** Clients that name this manager may come from now on. */
    void open(ManagerHome manager) {
        objects.open(manager);
    }

    /** No more come. */
    void shut(ManagerHome manager) {
        objects.shut(manager);
    }

    /** See {@link Hub#serve}. */
    Door serve(SocketAddress address) {
        return Door.open(settings, group, address);
    }

    Ticket register(String codec, List<String> jobPath, WorkerListener listener) {
        return register(new Greeting(codec, jobPath.stream().map(Path::of).toList(), List.of()), listener, null);
    }

    Ticket register(Greeting greeting, WorkerListener listener, @Nullable Sharing sharing) {
        return tickets.issue(greeting, listener, sharing);
    }

    void withdraw(Ticket ticket) {
        Registration registration = tickets.withdraw(ticket);
        if (registration == null) {
            return;
        }
        try {
            loop.execute(() -> {
                Connection connection = registration.connection;
                if (connection != null) {
                    connection.end(Status.CANCELLED, "the coordinator has withdrawn its ticket");
                }
            });
        } catch (RejectedExecutionException e) {
            // the hub has stopped, and with it all connections
        }
    }

    /** Ends all connections, then the loop. Waits a bounded time; not to be called on the loop. */
    void stop() {
        server.shutdownNow();
        boolean interrupted = false;
        try {
            warnUnless(server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS), "server");
        } catch (InterruptedException e) {
            interrupted = true;
        }
        // gRPC does not stop a loop that it was given
        interrupted |= !stop(group);
        if (directory != null) {
            directory.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns false if the thread was interrupted; the loop ends all the same. */
    private static boolean stop(EventLoopGroup group) {
        var ended = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        try {
            warnUnless(ended.await(STOP_SECONDS, TimeUnit.SECONDS), "event loop");
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static void warnUnless(boolean ended, String what) {
        if (!ended) {
            System.getLogger(HubServer.class.getName())
                    .log(Level.WARNING, "the hub''s {0} did not end within {1} s", what, STOP_SECONDS);
        }
    }
}
