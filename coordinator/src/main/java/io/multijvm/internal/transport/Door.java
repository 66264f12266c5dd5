// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.grpc.Server;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.multijvm.internal.shared.ManagerHome;
import io.multijvm.wire.net.HubAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where programs come to one manager which this one has not started. A server of its own beside the hub's, on the same loop:
 * nothing but that manager can be reached there. Thread-safe.
 */
public final class Door {
    private static final int CALM_MILLIS = 200;
    private static final int STOP_SECONDS = 5;
    private static final int MOST_RESETS = 100;

    private final ObjectService objects;
    private final Server server;
    private final SocketAddress address;
    private final HubAddress forHandles;
    private final @Nullable SocketFile file;

    private Door(
            ObjectService objects,
            Server server,
            SocketAddress address,
            HubAddress forHandles,
            @Nullable SocketFile file) {
        this.objects = objects;
        this.server = server;
        this.address = address;
        this.forHandles = forHandles;
        this.file = file;
    }

    static Door open(HubSettings settings, EventLoopGroup group, SocketAddress wanted) {
        try {
            if (wanted instanceof UnixDomainSocketAddress path) {
                return atFile(settings, group, path);
            }
            InetSocketAddress inet = checked(wanted);
            Strangers strangers = new Strangers();
            ObjectService objects = service(settings, group, strangers);
            Server server = start(settings, group, HubAddress.served(inet), objects, strangers);
            InetSocketAddress bound = new InetSocketAddress(inet.getAddress(), server.getPort());
            return new Door(objects, server, bound, HubAddress.served(bound), null);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen at " + wanted + ": " + why(e), e);
        }
    }

    private static String why(IOException e) {
        Throwable cause = e.getCause();
        return cause == null || cause.getMessage() == null ? String.valueOf(e.getMessage()) : cause.getMessage();
    }

    private static InetSocketAddress checked(SocketAddress wanted) {
        if (!(wanted instanceof InetSocketAddress inet)) {
            throw new IllegalArgumentException(
                    "address " + wanted + " is neither an InetSocketAddress nor a UnixDomainSocketAddress");
        }
        if (inet.getAddress() == null || inet.getAddress().isAnyLocalAddress()) {
            throw new IllegalArgumentException(
                    "address " + wanted
                            + " is a wildcard, which every network could reach, or no address at all; name that of one interface");
        }
        return inet;
    }

    private static Door atFile(HubSettings settings, EventLoopGroup group, UnixDomainSocketAddress wanted)
            throws IOException {
        SocketFile file = SocketFile.prepare(wanted.getPath());
        Server server = null;
        try {
            Strangers strangers = new Strangers();
            ObjectService objects = service(settings, group, strangers);
            server = start(settings, group, HubAddress.served(file.hidden()), objects, strangers);
            return new Door(objects, server, wanted, HubAddress.served(file.path()), file);
        } catch (IOException | RuntimeException e) {
            if (server != null) {
                server.shutdownNow();
            }
            file.close();
            throw e;
        }
    }

    private static ObjectService service(HubSettings settings, EventLoopGroup group, Strangers strangers) {
        return new ObjectService(group.next(), settings.helloTimeout(), strangers);
    }

    private static Server start(
            HubSettings settings, EventLoopGroup group, HubAddress address, ObjectService objects, Strangers strangers)
            throws IOException {
        long hello = settings.helloTimeout().toMillis();
        return settings.transport()
                .server(address, group, strangers)
                .addService(objects.definition())
                .addStreamTracerFactory(StreamEnd.factory())
                .maxConcurrentCallsPerConnection(1)
                // who says nothing, or only opens what it does not use, is cut off
                .handshakeTimeout(hello, TimeUnit.MILLISECONDS)
                .maxConnectionIdle(hello, TimeUnit.MILLISECONDS)
                .maxRstFramesPerWindow(MOST_RESETS, (int) Math.max(1, hello / 1000))
                .build()
                .start();
    }

    /** Where it listens. */
    public SocketAddress address() {
        return address;
    }

    /** The same, as handles of shared objects say it. */
    public String forHandles() {
        return forHandles.toString();
    }

    /** Who comes is the client of this manager. Once. */
    public void leadsTo(ManagerHome manager) {
        objects.open(manager);
    }

    /**
     * A socket's file is there from now on: who waits for that may come at once. Once; does nothing for a port.
     *
     * @throws UncheckedIOException if somebody has made a file of that name meanwhile
     */
    public void show() {
        if (file != null) {
            try {
                file.show();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot listen at " + address + ": " + why(e), e);
            }
        }
    }

    /** No more programs come; those that are there stay. */
    public void shut(ManagerHome manager) {
        objects.shut(manager);
    }

    /** Ends all connections, and deletes a socket's file. Waits a bounded time; not to be called on the loop. */
    public void close() {
        if (file != null) {
            file.close();
        }
        server.shutdown();
        try {
            // who has been told that the manager is closed goes by itself; strangers do not
            if (!server.awaitTermination(CALM_MILLIS, TimeUnit.MILLISECONDS)) {
                boolean unused = server.shutdownNow().awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
