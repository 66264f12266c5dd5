// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.failure.MultijvmException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Results that are made while they are read. For one consumer at a time. Closing cancels what is left and returns at
 * once; a stream that was read to its end, or to a failure, needs no closing.
 *
 * <p>All ways to read wait alike. A consumer that is interrupted while it waits gets a {@code CancellationException}; the rest is
 * cancelled, and the interrupt flag stays set. A pool that is closed reads no further: the results of what was read come, then,
 * where that was not the whole input, a {@code RejectedExecutionException} or {@code CancellationException}; so read a stream as
 * far as it is wanted before the pool is closed. One that is terminated ends the stream with such an exception too, and one that
 * breaks with a {@link io.multijvm.failure.PoolBrokenException}. A worker's death is the failure of its item.
 *
 * @param <R> a result
 */
public interface ResultStream<R extends @Nullable Object> extends Iterable<R>, AutoCloseable {

    /**
     * The results, each once; may be asked for once. {@code hasNext} waits for the next result and {@code next} throws a
     * failure in its item's place, which ends the stream.
     *
     * @throws IllegalStateException if it was asked for before
     */
    @Override
    Iterator<R> iterator();

    /**
     * The results as a sequential stream, which closes this when it is closed. In place of {@link #iterator()}.
     *
     * @throws IllegalStateException if either was asked for before
     */
    Stream<R> stream();

    /**
     * The next result, or empty when there is none within the time or the stream is at its end; {@link #atEnd()} tells
     * which. Zero or less does not wait, but a {@link Pool#serial} pool runs the item first.
     *
     * @throws MultijvmException the item's failure, which ends the stream
     * @throws NullPointerException if the result is null: use {@link #iterator()} for such tasks
     */
    Optional<R> next(Duration wait);

    /** Whether there is nothing more to take: everything was taken, or a failure or {@link #close} has ended it. Does not wait for results. */
    boolean atEnd();

    /** How far the call is, taken or not: items with an outcome, failed ones, and how many there are. From any thread; never waits. */
    CallProgress progress();

    /** Cancels what is left: items that run are interrupted, as by {@link TaskFuture#cancel}. Does not wait; twice does nothing. */
    @Override
    void close();
}
