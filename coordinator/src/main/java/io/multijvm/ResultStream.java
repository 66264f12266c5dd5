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
 * once; a stream that was read to its end needs no closing.
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

    /** The results as a sequential stream, which closes this when it is closed. In place of {@link #iterator()}. */
    Stream<R> stream();

    /**
     * The next result, or empty when there is none within the time or the stream is at its end; {@link #atEnd()} tells
     * which.
     *
     * @throws MultijvmException the item's failure, which ends the stream
     * @throws NullPointerException if the result is null: use {@link #iterator()} for such tasks
     */
    Optional<R> next(Duration wait);

    /** Whether everything was taken. */
    boolean atEnd();

    /** How far the call is, taken or not: items with an outcome, failed ones, and how many there are. From any thread; never waits. */
    CallProgress progress();

    @Override
    void close();
}
