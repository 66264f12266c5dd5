// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.internal.dispatch.WorkerListener;
import io.multijvm.internal.shared.ManagerHome;
import io.multijvm.wire.Ticket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A share in this JVM's one hub: the event loop and the server that all pools, processes and managers use together. The
 * first share starts it, and the last one that is given back stops it. The loop is also where the pools' dispatchers run.
 *
 * <p>The loop's thread is a daemon. A program that forgot to close a pool shall end when its own threads have ended; its
 * workers see the end of their stdin and end too. Whoever waits for a result waits in a thread of its own, and that keeps
 * the program alive as long as it should.
 *
 * <p>Thread-safe. Nothing that waits may be called on the loop.
 */
public final class Hub implements EventLoop {
    private static final Object LOCK = new Object();

    // guarded by LOCK
    private static @Nullable HubServer shared;
    private static int shares;

    private final HubServer server;
    private final AtomicBoolean released = new AtomicBoolean();

    private Hub(HubServer server) {
        this.server = server;
    }

    /**
     * Another share in this JVM's hub, which is started if need be.
     *
     * @throws java.io.UncheckedIOException if it can listen neither on a Unix socket nor on the loopback address
     */
    public static Hub acquire() {
        synchronized (LOCK) {
            HubServer server = shared;
            if (server == null) {
                server = HubServer.start(HubSettings.ofThisJvm());
                shared = server;
            }
            shares++;
            return new Hub(server);
        }
    }

    /**
     * Gives the share back; the last one stops the hub, and waits a bounded time for that. Connections that have not ended
     * by then are cut. A second call does nothing.
     *
     * @throws IllegalStateException on the loop, which cannot wait for its own end
     */
    public void release() {
        if (inLoop()) {
            throw new IllegalStateException("the hub cannot be closed on its own event loop: use another thread");
        }
        if (!released.compareAndSet(false, true)) {
            return;
        }
        HubServer last = null;
        synchronized (LOCK) {
            shares--;
            if (shares == 0) {
                last = shared;
                shared = null;
            }
        }
        // outside the lock: whoever acquires meanwhile gets a new hub and need not wait for the end of this one
        if (last != null) {
            last.stop();
        }
    }

    @Override
    public void execute(Runnable action) {
        server.loop().execute(action);
    }

    @Override
    public Timer schedule(Runnable action, Duration delay) {
        Future<?> due = server.loop().schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> due.cancel(false);
    }

    @Override
    public boolean inLoop() {
        return server.loop().inEventLoop();
    }

    @Override
    public long now() {
        return System.nanoTime();
    }

    /** Where workers connect, as {@link io.multijvm.wire.Bootstrap} says it to them. */
    public String address() {
        return server.address().toString();
    }

    /**
     * Expects one client, which must show the ticket. Once it has, the listener hears of it on the loop: {@link
     * WorkerListener#connected} or {@link WorkerListener#refused} at most once, and in any case {@link
     * WorkerListener#disconnected} last.
     *
     * @param greeting what the worker is told
     * @param sharing memory for large payloads; null if none is to be shared
     */
    public Ticket register(Greeting greeting, WorkerListener listener, @Nullable Sharing sharing) {
        return server.register(greeting, listener, sharing);
    }

    /** Processes that know this manager's key may use its objects from now on. */
    public void open(ManagerHome manager) {
        server.open(manager);
    }

    /** No more processes come to this manager; those that are there stay until it is closed. */
    public void shut(ManagerHome manager) {
        server.shut(manager);
    }

    /**
     * Listens there, and nowhere else, for programs that nobody here has started. Closed before the share is given back.
     *
     * @throws java.io.UncheckedIOException if it cannot
     * @throws IllegalArgumentException if it is no address for that
     */
    public Door serve(SocketAddress address) {
        return server.serve(address);
    }

    /** Whether workers connect over a socket that only this machine's processes can reach by a file. */
    public boolean onUnixSocket() {
        return server.address().path() != null;
    }

    /** Admits nobody with this ticket any more, and ends its connection if there is one. */
    public void withdraw(Ticket ticket) {
        server.withdraw(ticket);
    }
}
