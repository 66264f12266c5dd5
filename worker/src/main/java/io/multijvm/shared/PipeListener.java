// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Where others connect: made by {@link PipeEnd#listen}. Connections are taken, and their proofs looked at, whether or not
 * anybody accepts: up to 64 wait, further ones until there is room. Who does not know the key is refused, and never accepted;
 * so is who has not proved it within 10 s, or within one while others wait for room. See Python's {@code Listener}.
 *
 * <p>Thread-safe. Ready as a {@link Waitable} while a connection waits to be accepted.
 *
 * @param <T> what is sent and received
 */
public interface PipeListener<T extends @Nullable Object> extends Waitable, AutoCloseable {
    /**
     * The next connection, which may have been used and closed by the other side meanwhile. Waits for it without limit.
     *
     * @throws InterruptedException if the thread is interrupted before or meanwhile
     * @throws IllegalStateException if this is closed, before or meanwhile
     */
    PipeEnd<T> accept() throws InterruptedException;

    /**
     * As {@link #accept()}, within a time.
     *
     * @param limit nothing or less does not wait
     * @throws TimeoutException if nobody had connected by then
     */
    PipeEnd<T> accept(Duration limit) throws InterruptedException, TimeoutException;

    /** Where it listens, with the port that it was given. */
    SocketAddress address();

    /** How many were refused, for they did not know the key, or did not prove it in time. */
    long refused();

    /** Nobody connects any more; a socket's file is deleted. What was accepted goes on. Twice is fine; does not wait. */
    @Override
    void close();
}
