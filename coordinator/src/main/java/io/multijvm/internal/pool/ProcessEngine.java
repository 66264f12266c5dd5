// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.PoolListener;
import io.multijvm.PoolStats;
import io.multijvm.ResultStream;
import io.multijvm.TaskFuture;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.MultijvmException;
import io.multijvm.internal.call.CallEngine;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.dispatch.CallState;
import io.multijvm.internal.dispatch.Dispatcher;
import io.multijvm.internal.dispatch.Gate;
import io.multijvm.internal.result.AnswerFuture;
import io.multijvm.internal.result.Answers;
import io.multijvm.internal.result.CallControl;
import io.multijvm.internal.result.ListAnswer;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.internal.result.Sink;
import io.multijvm.internal.result.StreamAnswer;
import io.multijvm.internal.result.SubmitSink;
import io.multijvm.internal.submit.Feeder;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableFunction;
import io.multijvm.wire.Protocol;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A pool of worker JVMs: what callers ask for becomes calls of the dispatcher, and answers for the callers. */
public final class ProcessEngine implements CallEngine {
    private final PoolParts parts;
    private final ValueCodec codec;
    private final Dispatcher dispatcher;
    /** Submits with the same settings are items of one call, so that those that wait together cross together. */
    private final Map<CallSettings, Submits> submits = new ConcurrentHashMap<>();

    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();
    /** What its end does: gives the pool up, or a share of it back. */
    private final Runnable release;

    private final Function<Boolean, CompletableFuture<@Nullable Void>> stop;

    /** The pool's one user. */
    ProcessEngine(PoolParts parts) {
        this.parts = parts;
        this.release = parts::release;
        this.stop = parts.dispatcher()::stop;
        this.codec = parts.codec();
        this.dispatcher = parts.dispatcher();
    }

    private ProcessEngine(PoolParts parts, Runnable giveBack) {
        this.parts = parts;
        this.release = giveBack;
        this.stop = now -> parts.dispatcher().leave(this, now);
        this.codec = parts.codec();
        this.dispatcher = parts.dispatcher();
    }

    /**
     * A user of this pool's workers beside others: its end waits for, or drops, what it asked for itself, and leaves the
     * workers to the others.
     *
     * @param giveBack called once, when it has ended
     */
    public ProcessEngine share(Runnable giveBack) {
        return new ProcessEngine(parts, giveBack);
    }

    /** Whether it can run nothing any more. */
    public boolean isBroken() {
        return dispatcher.isBroken();
    }

    private record Submits(CallState call, AtomicLong nextIndex) {}

    @Override
    public <R extends @Nullable Object> R apply(SerializableCallable<R> task, CallSettings settings) {
        AnswerFuture<R> future = send(task, settings);
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw Answers.unchecked(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw (CancellationException)
                    new CancellationException("interrupted while waiting for a task; it was cancelled").initCause(e);
        }
    }

    @Override
    public <R extends @Nullable Object> TaskFuture<R> submit(SerializableCallable<R> task, CallSettings settings) {
        return send(task, settings);
    }

    private <R extends @Nullable Object> AnswerFuture<R> send(SerializableCallable<R> task, CallSettings settings) {
        refuseIfClosed();
        parts.admit(task);
        byte[] encoded = codec.encode(task, "task");
        Submits target = submits.computeIfAbsent(settings, this::newSubmits);
        AnswerFuture<R> future = new AnswerFuture<>(codec, parts.support(), me -> dispatcher.cancel(target.call(), me));
        long index = target.nextIndex().getAndIncrement();
        dispatcher.encoded(target.call(), ItemBlock.single(index, encoded, Protocol.MAX_INLINE_ITEM_BYTES, future));
        return future;
    }

    private Submits newSubmits(CallSettings settings) {
        byte[] function = codec.encode(SerializableCallable.caller(), "task");
        CallState call = new CallState(
                parts.nextCall(), function, settings, new SubmitSink(), new Gate(() -> {}), CallState.Kind.SUBMITS, -1);
        dispatcher.submit(call.ownedBy(this));
        return new Submits(call, new AtomicLong());
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        ListAnswer<R> answer = newListAnswer(items);
        answer.callerWillAwait();
        begin(task, items, settings, CallState.Kind.LIST, answer, answer::controlledBy, item -> {});
        return answer.await();
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> TaskFuture<List<R>> mapAsync(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        ListAnswer<R> answer = newListAnswer(items);
        begin(task, items, settings, CallState.Kind.LIST, answer, answer::controlledBy, item -> {});
        return answer;
    }

    private <R extends @Nullable Object> ListAnswer<R> newListAnswer(Iterable<?> items) {
        return new ListAnswer<>(codec, parts.support(), (int) Math.max(0, sizeOf(items)));
    }

    @Override
    @SuppressWarnings("unchecked") // the workers ran the caller's own function, whose result type R is
    public <T extends @Nullable Object, R extends @Nullable Object> ResultStream<R> imap(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        StreamAnswer<R> answer = new StreamAnswer<R>(settings.ordered(), outcome -> (R) outcome.open(codec));
        begin(task, items, settings, CallState.Kind.LAZY, answer, answer::controlledBy, item -> {});
        return answer;
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> ResultStream<Outcome<T, R>> outcomes(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        KeptItems<T> kept = new KeptItems<>();
        StreamAnswer<Outcome<T, R>> answer =
                new StreamAnswer<>(settings.ordered(), outcome -> open(kept.remove(outcome.index()), outcome));
        this.<T>begin(task, items, settings, CallState.Kind.LAZY, answer, answer::controlledBy, kept::add);
        return answer;
    }

    @SuppressWarnings({
        "unchecked", // the workers ran the caller's own function, whose result type R is
        "NullAway" // a null result is an R that may be null
    })
    private <T extends @Nullable Object, R extends @Nullable Object> Outcome<T, R> open(T item, RawOutcome outcome) {
        try {
            return new Outcome.Success<>(item, outcome.index(), outcome.attempts(), (R) outcome.open(codec));
        } catch (MultijvmException e) {
            return new Outcome.Failure<>(item, outcome.index(), outcome.attempts(), e);
        }
    }

    private <T extends @Nullable Object> void begin(
            SerializableFunction<? super T, ?> task,
            Iterable<? extends T> items,
            CallSettings settings,
            CallState.Kind kind,
            Sink sink,
            Consumer<CallControl> control,
            Consumer<? super T> keep) {
        refuseIfClosed();
        parts.admit(task);
        byte[] function = codec.encode(task, "task");
        long expected = sizeOf(items);
        Feeder<T> feeder = new Feeder<>(items, expected, codec, dispatcher, keep);
        CallState call = new CallState(parts.nextCall(), function, settings, sink, feeder.gate(), kind, expected);
        control.accept(new CallControl() {
            @Override
            public void cancel(boolean byForce) {
                feeder.gate().close();
                dispatcher.cancel(call, byForce);
            }

            @Override
            public void taken(int count, long bytes) {
                dispatcher.taken(call, count, bytes);
            }
        });
        dispatcher.submit(call.ownedBy(this));
        parts.support().execute(feeder.feeds(call));
    }

    private static long sizeOf(Iterable<?> items) {
        return items instanceof Collection<?> collection ? collection.size() : -1;
    }

    @Override
    public void resize(int workers) {
        refuseIfClosed();
        dispatcher.resize(workers);
    }

    @Override
    public void restart() {
        refuseIfClosed();
        dispatcher.restart();
    }

    @Override
    public PoolStats stats() {
        return dispatcher.stats();
    }

    @Override
    public void addListener(PoolListener listener) {
        parts.news().add(listener);
    }

    @Override
    public void close() {
        stop(false);
    }

    @Override
    public void terminate() {
        stop(true);
    }

    private void stop(boolean now) {
        if (released.get()) {
            return;
        }
        parts.refuseInLoop("close() and terminate() wait for workers");
        closed.set(true);
        boolean interrupted = false;
        CompletableFuture<@Nullable Void> stopped = stop.apply(now);
        while (true) {
            try {
                stopped.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                stopped = stop.apply(true);
            } catch (ExecutionException e) {
                throw new AssertionError("stopping never fails", e);
            }
        }
        if (released.compareAndSet(false, true)) {
            release.run();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void refuseIfClosed() {
        if (closed.get()) {
            throw new RejectedExecutionException("the pool is closed; nothing can be submitted to it any more");
        }
    }
}
