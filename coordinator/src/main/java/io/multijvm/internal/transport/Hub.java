// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.internal.dispatch.WorkerListener;
import io.multijvm.wire.Ticket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A share in this JVM's one hub: the event loop and the server that all pools, processes and managers use together. The
 * first share starts it, and the last one that is closed stops it.
 *
 * <p>The loop's thread is a daemon. A program that forgot to close a pool shall end when its own threads have ended; its
 * workers see the end of their stdin and end too. Whoever waits for a result waits in a thread of its own, and that keeps
 * the program alive as long as it should.
 *
 * <p>Thread-safe. Nothing that waits may be called on the loop.
 */
public final class Hub implements AutoCloseable {
    private static final Object LOCK = new Object();

    // guarded by LOCK
    private static @Nullable HubServer shared;
    private static int shares;

    private final HubServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

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

    /** Runs everything on the loop, in order. Rejects when the hub has stopped. */
    public Executor loop() {
        return server.loop();
    }

    /** Whether the caller runs on the loop, where nothing may wait. */
    public boolean inLoop() {
        return server.loop().inEventLoop();
    }

    /**
     * Runs {@code action} on the loop after {@code delay}.
     *
     * @return cancels it, unless it has begun
     */
    public Delayed schedule(Runnable action, Duration delay) {
        Future<?> scheduled = server.loop().schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /** Where workers connect, as {@link io.multijvm.wire.Bootstrap} says it to them. */
    public String address() {
        return server.address().toString();
    }

    /**
     * Expects one client, which must show the ticket. The listener is called on the loop: {@link
     * WorkerListener#connected} at most once, and at the end {@link WorkerListener#refused} or {@link
     * WorkerListener#disconnected} once, if it ever connected with the ticket.
     *
     * @param codecClassName what the worker is told to encode and decode with
     * @param jobPath what the worker is told to load child-first
     */
    public Ticket register(String codecClassName, List<String> jobPath, WorkerListener listener) {
        return server.register(codecClassName, jobPath, listener);
    }

    /** Admits nobody with this ticket any more, and ends its connection if there is one: its process is gone or given up. */
    public void withdraw(Ticket ticket) {
        server.withdraw(ticket);
    }

    /**
     * Gives the share back; the last one stops the hub, and waits a bounded time for that. All connections must have ended
     * before; those that have not are cut. A second call does nothing.
     *
     * @throws IllegalStateException on the loop, which cannot wait for its own end
     */
    @Override
    public void close() {
        if (inLoop()) {
            throw new IllegalStateException(
                    "a hub cannot be closed on its own event loop: hand over to another thread");
        }
        if (!closed.compareAndSet(false, true)) {
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
        if (last != null) {
            last.stop();
        }
    }

    /** Something that will be run. */
    public interface Delayed {
        /** Does nothing if it has begun. */
        void cancel();
    }
}
