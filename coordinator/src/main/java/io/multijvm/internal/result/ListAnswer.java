// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import io.multijvm.Attempt;
import io.multijvm.CallProgress;
import io.multijvm.TaskFuture;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.MultijvmException;
import io.multijvm.internal.call.CallMeter;
import io.multijvm.internal.call.FailureTally;
import io.multijvm.internal.chunk.ItemBlock;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a map: results are decoded while others are still being made, by the caller's thread when it waits in
 * {@link #await()}, else by the callback executor. One thread drains at a time.
 */
public final class ListAnswer<R extends @Nullable Object> extends TaskFuture<List<R>> implements Sink {
    private final ValueCodec codec;
    private final Executor callbacks;
    private final boolean finishOthers;
    private final LongFunction<@Nullable String> names;
    private final Inbox inbox = new Inbox();
    private final AtomicBoolean draining = new AtomicBoolean();
    private volatile boolean callerWaits;
    private volatile @Nullable CallControl control;

    // owned by whoever drains
    private GatheredResults results;
    private long received;
    private final FailureTally failures = new FailureTally();

    /**
     * @param expected how many items there will be, if that is known; else 0
     * @param finishOthers whether a failure waits until all items are finished
     * @param names of items that have any, by index
     */
    public ListAnswer(
            ValueCodec codec,
            Executor callbacks,
            int expected,
            boolean finishOthers,
            LongFunction<@Nullable String> names) {
        this.codec = codec;
        this.callbacks = callbacks;
        this.finishOthers = finishOthers;
        this.names = names;
        this.results = new GatheredResults(expected);
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
            WaitHelp help = help();
            while (!isDone()) {
                receive(help.help() ? inbox.poll() : inbox.await(null));
            }
        } catch (InterruptedException e) {
            cancel(true);
            Thread.currentThread().interrupt();
            throw (CancellationException)
                    new CancellationException("interrupted while waiting for results; the items were cancelled")
                            .initCause(e);
        } finally {
            help().waited();
        }
        return Answers.joinUnwrapped(this);
    }

    private WaitHelp help() {
        CallControl call = control;
        return call == null ? WaitHelp.NONE : call;
    }

    @Override
    public void poke() {
        inbox.poke();
    }

    @Override
    public void offer(ItemBlock block, RawOutcome outcome) {
        inbox.add(outcome);
    }

    @Override
    public void offer(RawRun run) {
        inbox.add(run);
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
            news.outcomes().forEach(Arrived::release);
            return;
        }
        for (Arrived arrived : news.outcomes()) {
            received += arrived.count();
            try {
                open(arrived);
            } catch (Throwable e) { // a failed item, or bytes that cannot be decoded
                Throwable failure = named(arrived.index(), e);
                if (!finishOthers) {
                    fail(failure);
                    news.outcomes().forEach(Arrived::release);
                    return;
                }
                failures.add(arrived.index(), failure);
            }
        }
        boolean complete = news.total() == received;
        if (news.inputFailure() != null && (complete || !finishOthers)) {
            fail(failures.isEmpty() ? news.inputFailure() : failures.thrown());
        } else if (complete && failures.isEmpty()) {
            answer(asList());
        } else if (complete) {
            fail(failures.thrown());
        } else if (news.abandoned() instanceof CancellationException) {
            answerCancelled();
        } else if (news.abandoned() != null) {
            answerExceptionally(news.abandoned());
        }
    }

    private Throwable named(long index, Throwable failure) {
        String name = names.apply(index);
        return name != null && failure instanceof MultijvmException ours ? ours.named(name) : failure;
    }

    private void open(Arrived arrived) {
        if (arrived instanceof RawRun run) {
            results.put(run);
        } else if (arrived instanceof RawOutcome outcome) {
            results.put(outcome.index(), outcome.open(codec));
        }
    }

    /** The first failure cancels the rest, but ends no worker for it. */
    private void fail(Throwable why) {
        CallControl call = control;
        if (answerExceptionally(why) && call != null) {
            call.cancel(false);
        }
    }

    private List<R> asList() {
        List<R> all = results.asList((int) received);
        results = new GatheredResults(0);
        return all;
    }

    @Override
    public CallProgress progress() {
        CallControl call = control;
        return call == null ? new CallMeter().now() : call.progress();
    }

    @Override
    public List<Attempt> attempts() {
        return List.of();
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

    @Override
    protected void letRun() {
        CallControl call = control;
        if (call != null) {
            call.letRun();
        }
        inbox.abandon(new CancellationException("cancelled"));
        inbox.announce();
    }
}
