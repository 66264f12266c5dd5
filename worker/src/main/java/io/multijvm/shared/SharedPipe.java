// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import org.jspecify.annotations.Nullable;

/**
 * Two ends that two processes talk through: made by {@code Manager.pipe}, both ways, or {@code Manager.oneWayPipe}, where the
 * left end sends and the right one receives. What there is to say is said at {@link PipeEnd}. See Python's {@code Pipe}.
 *
 * <p>On one machine messages pass through memory that both processes share, half a MiB for a pipe both ways, and not through
 * the process that made the pipe.
 *
 * <p>Thread-safe.
 *
 * @param <T> what is sent and received
 */
public interface SharedPipe<T extends @Nullable Object> extends AutoCloseable {
    /** The one end. Always the same object in one process. */
    PipeEnd<T> left();

    /** The other end. Always the same object in one process. */
    PipeEnd<T> right();

    /**
     * Closes both ends and frees the pipe, for all processes, with all that was not received. Happens by itself when both ends
     * are closed. Its memory is free two seconds after all that used it have heard of that, or have ended. Closing twice does
     * nothing; does not wait.
     */
    @Override
    void close();
}
