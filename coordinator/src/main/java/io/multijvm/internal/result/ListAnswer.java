// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import io.multijvm.TaskFuture;
import io.multijvm.codec.ValueCodec;
import io.multijvm.internal.chunk.ItemBlock;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a map: results are decoded while others are still being made, by the caller's thread when it waits in
 * {@link #await()}, else by the callback executor. One thread drains at a time.
 */
public final class ListAnswer<R extends @Nullable Object> extends TaskFuture<List<R>> implements Sink {
    private final ValueCodec codec;
    private final Executor callbacks;
    private final Inbox inbox = new Inbox();
    private final AtomicBoolean draining = new AtomicBoolean();
    private volatile boolean callerWaits;
    private volatile @Nullable CallControl control;

    // owned by whoever drains
    private @Nullable Object[] results;
    private long received;

    /** @param expected how many items there will be, if that is known; else 0 */
    public ListAnswer(ValueCodec codec, Executor callbacks, int expected) {
        this.codec = codec;
        this.callbacks = callbacks;
        this.results = new Object[expected];
    }

    /** Called once, before the call begins. */
    public void controlledBy(CallControl call) {
        control = call;
    }

    /** Called before the call begins, if the caller is going to {@link #await()}. */
    public void callerWillAwait() {
        callerWaits = true;
    }

    /**
     * Waits for all results, decoding them here.
     *
     * @throws CancellationException if this thread is interrupted; its flag is kept and the call cancelled
     */
    public List<R> await() {
        try {
            while (!isDone()) {
                receive(inbox.await(null));
            }
        } catch (InterruptedException e) {
            cancel(true);
            Thread.currentThread().interrupt();
            throw (CancellationException)
                    new CancellationException("interrupted while waiting for results; the items were cancelled")
                            .initCause(e);
        }
        return Answers.joinUnwrapped(this);
    }

    @Override
    public void offer(ItemBlock block, RawOutcome outcome) {
        inbox.add(outcome);
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
        if (inbox.announce() && !callerWaits && draining.compareAndSet(false, true)) {
            callbacks.execute(this::drain);
        }
    }

    private void drain() {
        try {
            receive(inbox.poll());
        } finally {
            draining.set(false);
        }
        // news that came while we drained found the flag up
        turnEnded();
    }

    private void receive(Inbox.Delivery news) {
        if (isDone()) {
            news.outcomes().forEach(RawOutcome::release);
            return;
        }
        try {
            for (RawOutcome outcome : news.outcomes()) {
                put(outcome.index(), outcome.open(codec));
                received++;
            }
        } catch (Throwable e) { // a failed item, or bytes that cannot be decoded: either ends the map
            fail(e);
            news.outcomes().forEach(RawOutcome::release);
            return;
        }
        if (news.inputFailure() != null) {
            fail(news.inputFailure());
        } else if (news.total() == received) {
            answer(asList());
        } else if (news.abandoned() instanceof CancellationException) {
            cancel(false);
        } else if (news.abandoned() != null) {
            answerExceptionally(news.abandoned());
        }
    }

    /** The first failure cancels the rest, but ends no worker for it. */
    private void fail(Throwable why) {
        CallControl call = control;
        if (answerExceptionally(why) && call != null) {
            call.cancel(false);
        }
    }

    private void put(long index, @Nullable Object value) {
        if (index >= Integer.MAX_VALUE - 8) {
            throw new IllegalStateException("a list holds at most " + (Integer.MAX_VALUE - 8)
                    + " results; use imap, which hands them out one by one");
        }
        int at = (int) index;
        if (at >= results.length) {
            results = Arrays.copyOf(results, Math.max(at + 1, results.length + (results.length >> 1)));
        }
        results[at] = value;
    }

    @SuppressWarnings("unchecked") // the workers ran the caller's own function, whose result type R is
    private List<R> asList() {
        @Nullable Object[] all = results.length == received ? results : Arrays.copyOf(results, (int) received);
        results = new Object[0];
        return (List<R>) Arrays.asList(all);
    }

    @Override
    protected void stop() {
        CallControl call = control;
        if (call != null) {
            call.cancel(true);
        }
        inbox.abandon(new CancellationException("cancelled"));
        inbox.announce();
    }
}
