// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import io.multijvm.CallProgress;
import io.multijvm.ResultStream;
import io.multijvm.internal.call.CallMeter;
import io.multijvm.internal.chunk.ItemBlock;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Results in input order, or as they come, opened by their consumer one by one. What the consumer takes is told to the dispatcher, which
 * reads no further ahead than that allows.
 */
public final class StreamAnswer<E extends @Nullable Object> implements ResultStream<E>, Sink {
    private static final int TELL_EVERY = 32;

    private final Inbox inbox = new Inbox();
    private final boolean ordered;
    private final Function<RawOutcome, E> opener;
    private volatile @Nullable CallControl control;

    // owned by the consumer
    private final Map<Long, Arrived> arrived = new LinkedHashMap<>();
    /** What is left of the run that is being taken. */
    private Iterator<RawOutcome> run = Collections.emptyIterator();
    /** How many were taken; where the order is kept, the index of the next. */
    private long taken;

    private long total = -1;
    private @Nullable Throwable inputFailure;
    private @Nullable Throwable abandoned;
    private int untoldItems;
    private long untoldBytes;
    private boolean ended;
    /** Help was offered since the consumer began to wait. */
    private boolean helped;

    private boolean handedOut;

    /**
     * @param ordered whether results wait for those before them in the input
     * @param opener makes an element of an outcome, in the consumer's thread; what it throws ends the stream
     */
    public StreamAnswer(boolean ordered, Function<RawOutcome, E> opener) {
        this.ordered = ordered;
        this.opener = opener;
    }

    /** Called once, before the call begins. */
    public void controlledBy(CallControl call) {
        control = call;
    }

    @Override
    public void offer(ItemBlock block, RawOutcome outcome) {
        inbox.add(outcome);
    }

    @Override
    public void offer(RawRun results) {
        inbox.add(results);
    }

    @Override
    public void inputEnded(long items, @Nullable Throwable failure) {
        inbox.end(items, failure);
    }

    @Override
    public void abandoned(Throwable why) {
        inbox.abandon(why);
    }

    @Override
    public void turnEnded() {
        inbox.announce();
    }

    @Override
    public Iterator<E> iterator() {
        if (handedOut) {
            throw new IllegalStateException("the results of this stream were asked for before; they can be read once");
        }
        handedOut = true;
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return ready(null);
            }

            @Override
            public E next() {
                if (!ready(null)) {
                    throw new NoSuchElementException("all results of this stream were taken");
                }
                return take();
            }
        };
    }

    @Override
    public Stream<E> stream() {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED), false)
                .onClose(this::close);
    }

    @Override
    public Optional<E> next(Duration wait) {
        return ready(wait) ? Optional.of(Objects.requireNonNull(take(), "the result is null")) : Optional.empty();
    }

    @Override
    public boolean atEnd() {
        if (!ended) {
            var unused = absorb(inbox.poll());
        }
        return ended || (total == taken && inputFailure == null);
    }

    @Override
    public CallProgress progress() {
        CallControl call = control;
        return call == null ? new CallMeter().now() : call.progress();
    }

    @Override
    public void close() {
        CallControl call = control;
        if (!atEnd() && call != null) {
            call.cancel(true);
        }
        ended = true;
        var unused = absorb(inbox.poll());
        arrived.values().forEach(Arrived::release);
        arrived.clear();
        run = Collections.emptyIterator();
    }

    /** Whether {@link #take} has something to give or to throw; waits for it, for so long at most. */
    private boolean ready(@Nullable Duration wait) {
        // saturated and halved, so that not even 'for ever' overflows
        long nanos = wait == null ? 0 : Math.min(TimeUnit.NANOSECONDS.convert(wait), Long.MAX_VALUE / 2);
        long deadline = System.nanoTime() + nanos;
        try {
            return ready(wait, deadline);
        } finally {
            if (helped) {
                helped = false;
                help().waited();
            }
        }
    }

    private boolean ready(@Nullable Duration wait, long deadline) {
        while (!ended && !nextIsThere()) {
            if (total == taken || abandoned != null) {
                return total != taken || inputFailure != null;
            }
            try {
                Duration left = wait == null ? null : Duration.ofNanos(deadline - System.nanoTime());
                if (!absorb(inbox.poll())) {
                    tell();
                    if (!help().help()) {
                        helped = true;
                        var unused = absorb(inbox.await(left));
                    }
                }
                if (left != null && (left.isNegative() || left.isZero())) {
                    break;
                }
            } catch (InterruptedException e) {
                close();
                Thread.currentThread().interrupt();
                throw (CancellationException)
                        new CancellationException("interrupted while waiting for a result; the items were cancelled")
                                .initCause(e);
            }
        }
        return !ended && nextIsThere();
    }

    private WaitHelp help() {
        CallControl call = control;
        return call == null ? WaitHelp.NONE : call;
    }

    @Override
    public void poke() {
        inbox.poke();
    }

    private boolean nextIsThere() {
        return run.hasNext() || (ordered ? arrived.containsKey(taken) : !arrived.isEmpty());
    }

    private @Nullable RawOutcome removeNext() {
        if (run.hasNext()) {
            return run.next();
        }
        Arrived next = ordered || arrived.isEmpty() ? arrived.remove(taken) : removeFirst();
        if (next instanceof RawRun results) {
            run = results.outcomes();
            return run.next();
        }
        return next instanceof RawOutcome outcome ? outcome : null;
    }

    private Arrived removeFirst() {
        Iterator<Arrived> first = arrived.values().iterator();
        Arrived next = first.next();
        first.remove();
        return next;
    }

    /** Whether anything was new. */
    private boolean absorb(Inbox.Delivery news) {
        boolean any = !news.outcomes().isEmpty() || news.total() != total || news.abandoned() != abandoned;
        for (Arrived outcome : news.outcomes()) {
            arrived.put(outcome.index(), outcome);
        }
        if (news.total() >= 0) {
            total = news.total();
            inputFailure = news.inputFailure();
        }
        abandoned = news.abandoned();
        return any;
    }

    private E take() {
        RawOutcome outcome = removeNext();
        if (outcome == null) {
            Throwable why = total == taken ? inputFailure : abandoned;
            close();
            throw Answers.unchecked(Objects.requireNonNull(why));
        }
        taken++;
        untoldItems++;
        untoldBytes += outcome.length();
        if (untoldItems >= TELL_EVERY) {
            tell();
        }
        try {
            return opener.apply(outcome);
        } catch (Throwable e) { // the item's failure ends the stream
            close();
            throw e;
        }
    }

    private void tell() {
        CallControl call = control;
        if (untoldItems > 0 && call != null) {
            call.taken(untoldItems, untoldBytes);
        }
        untoldItems = 0;
        untoldBytes = 0;
    }
}
