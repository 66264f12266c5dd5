// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.CallProgress;
import io.multijvm.ResultStream;
import io.multijvm.failure.MultijvmException;
import io.multijvm.task.Outcome;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A lazy call as its consumer sees it. Only {@link #close} may come from another thread. */
final class OrderedStream<T extends @Nullable Object, R extends @Nullable Object, V extends @Nullable Object>
        implements ResultStream<V> {
    private final OutcomeSource<T, R> source;
    private final Function<? super Outcome<T, R>, ? extends V> view;
    private volatile boolean over;
    private boolean handedOut;

    /** Seen by {@code hasNext}, but not taken. */
    private @Nullable Step<T, R> ahead;

    /**
     * @param view an outcome as the consumer wants it; may throw the outcome's failure, which ends the stream
     */
    OrderedStream(OutcomeSource<T, R> source, Function<? super Outcome<T, R>, ? extends V> view) {
        this.source = source;
        this.view = view;
    }

    @Override
    public Iterator<V> iterator() {
        if (handedOut) {
            throw new IllegalStateException(
                    "the results can be gone through once; keep them in a list to read them again");
        }
        handedOut = true;
        return new Results();
    }

    @Override
    public Stream<V> stream() {
        Spliterator<V> results = Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED);
        return StreamSupport.stream(results, false).onClose(this::close);
    }

    @Override
    public Optional<V> next(Duration wait) {
        Step<T, R> step = look(nanos(wait));
        return switch (step.kind()) {
            case NOT_YET, END -> Optional.empty();
            case BROKEN, OUTCOME ->
                Optional.of(
                        Objects.requireNonNull(taken(step), "the result is null; read such results with iterator()"));
        };
    }

    @Override
    public boolean atEnd() {
        return over || (ahead == null ? source.isExhausted() : ahead.kind() == Step.Kind.END);
    }

    @Override
    public CallProgress progress() {
        return source.progress();
    }

    @Override
    public void close() {
        over = true;
        source.close();
    }

    private Step<T, R> look(long nanos) {
        if (over) {
            return Step.end();
        }
        if (ahead != null) {
            return ahead;
        }
        try {
            Step<T, R> step = source.take(nanos);
            if (step.kind() != Step.Kind.NOT_YET) {
                ahead = step;
            }
            return step;
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new CancellationException(
                    "the caller was interrupted while it waited; the stream's items were cancelled");
        }
    }

    private V taken(Step<T, R> step) {
        ahead = null;
        Outcome<T, R> outcome = step.outcome();
        if (outcome == null) {
            close();
            throw Unchecked.rethrow(Objects.requireNonNull(step.thrown(), "thrown"));
        }
        try {
            return view.apply(outcome);
        } catch (MultijvmException failure) {
            close();
            // The consumer wants to know which of its streams failed; where the task threw is in the cause.
            throw (MultijvmException) failure.fillInStackTrace();
        }
    }

    private static long nanos(Duration wait) {
        try {
            return Math.max(0, wait.toNanos());
        } catch (ArithmeticException moreThanThreeCenturies) {
            return Long.MAX_VALUE;
        }
    }

    private final class Results implements Iterator<V> {
        @Override
        public boolean hasNext() {
            return look(Long.MAX_VALUE).kind() != Step.Kind.END;
        }

        @Override
        public V next() {
            Step<T, R> step = look(Long.MAX_VALUE);
            if (step.kind() == Step.Kind.END) {
                throw new NoSuchElementException("the stream is at its end, or closed");
            }
            return taken(step);
        }
    }
}
