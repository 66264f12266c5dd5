// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.ResultStream;
import io.multijvm.TaskFuture;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.MultijvmException;
import io.multijvm.internal.call.CallEngine;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.dispatch.CallDesk;
import io.multijvm.internal.dispatch.CallState;
import io.multijvm.internal.dispatch.Gate;
import io.multijvm.internal.result.AnswerFuture;
import io.multijvm.internal.result.Answers;
import io.multijvm.internal.result.CallControl;
import io.multijvm.internal.result.Callbacks;
import io.multijvm.internal.result.ListAnswer;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.internal.result.Sink;
import io.multijvm.internal.result.StreamAnswer;
import io.multijvm.internal.submit.Feeder;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableFunction;
import io.multijvm.wire.Protocol;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a pool of worker JVMs: what callers ask for becomes calls of the dispatcher, and answers for the callers. In
 * the coordinator, and in a worker for tasks that call their own pool.
 */
public abstract class ProcessCalls implements CallEngine {
    private final EngineParts parts;
    private final ValueCodec codec;
    private final CallDesk dispatcher;
    private final Callbacks callbacks;
    private final SingleTasks singles;
    private final PoolEnd end;

    /**
     * The one user of what it stands on.
     *
     * @param parts what it stands on
     */
    protected ProcessCalls(EngineParts parts) {
        this(parts, parts.callbacks(), user -> new PoolEnd(parts.dispatcher()::stop, parts::release));
    }

    /**
     * One of several users.
     *
     * @param callbacks know which of this user's futures are still to be answered
     * @param ending how this user's calls come to their end
     */
    ProcessCalls(EngineParts parts, Callbacks callbacks, Function<ProcessCalls, PoolEnd> ending) {
        this.parts = parts;
        this.callbacks = callbacks;
        this.codec = parts.codec();
        this.dispatcher = parts.dispatcher();
        this.end = ending.apply(this);
        this.singles = new SingleTasks(parts, callbacks, end, this);
    }

    @Override
    public <R extends @Nullable Object> R apply(SerializableCallable<R> task, CallSettings settings) {
        AnswerFuture<R> future = singles.send(task, settings);
        try {
            return future.await();
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
        return singles.send(task, settings);
    }

    @Override
    public <R extends @Nullable Object> List<R> broadcast(SerializableCallable<R> task, CallSettings settings) {
        refuseIfClosed();
        parts.admit(task);
        byte[] encoded = codec.encode(task, "task");
        ListAnswer<R> answer = new ListAnswer<>(codec, callbacks, 0, true, index -> null);
        answer.callerWillAwait();
        CallState call = new CallState(
                parts.nextCall(),
                codec.encode(SerializableCallable.caller(), "task"),
                settings.forSubmits(),
                answer,
                new Gate(() -> {}),
                CallState.Kind.BROADCAST,
                -1);
        answer.controlledBy(new CallVoice(call, dispatcher));
        dispatcher.broadcast(call.ownedBy(this), encoded, Protocol.MAX_INLINE_ITEM_BYTES);
        cutOffAtTheEnd(answer);
        return awaited(answer, call);
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        ItemNames names = new ItemNames(settings.key());
        ListAnswer<R> answer = newListAnswer(items, settings, names);
        answer.callerWillAwait();
        CallState call = begin(task, items, settings, CallState.Kind.LIST, answer, answer::controlledBy, names::add);
        return awaited(answer, call);
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> TaskFuture<List<R>> mapAsync(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        ItemNames names = new ItemNames(settings.key());
        ListAnswer<R> answer = newListAnswer(items, settings, names);
        begin(task, items, settings, CallState.Kind.LIST, answer, answer::controlledBy, names::add);
        callbacks.owesAnswer(answer);
        var unused = answer.whenComplete((results, failure) -> callbacks.answered(answer));
        return answer;
    }

    private <R extends @Nullable Object> ListAnswer<R> newListAnswer(
            Iterable<?> items, CallSettings settings, ItemNames names) {
        int expected = (int) Math.max(0, sizeOf(items));
        return new ListAnswer<>(codec, callbacks, expected, settings.finishOthers(), names::of);
    }

    /** The call's results; whoever listens to its progress has heard the end of it before they are returned. */
    private static <R extends @Nullable Object> List<R> awaited(ListAnswer<R> answer, CallState call) {
        try {
            return answer.await();
        } finally {
            if (call.reports() != null) {
                call.reports().end();
            }
        }
    }

    @Override
    @SuppressWarnings("unchecked") // the workers ran the caller's own function, whose result type R is
    public <T extends @Nullable Object, R extends @Nullable Object> ResultStream<R> imap(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        ItemNames names = new ItemNames(settings.key());
        StreamAnswer<R> answer = new StreamAnswer<R>(settings.ordered(), outcome -> (R) open(outcome, names));
        begin(task, items, settings, CallState.Kind.LAZY, answer, answer::controlledBy, names::add);
        return answer;
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> ResultStream<Outcome<T, R>> outcomes(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        ItemNames names = new ItemNames(settings.key());
        KeptItems<T> kept = new KeptItems<>();
        StreamAnswer<Outcome<T, R>> answer =
                new StreamAnswer<>(settings.ordered(), outcome -> open(kept.remove(outcome.index()), outcome, names));
        this.<T>begin(task, items, settings, CallState.Kind.LAZY, answer, answer::controlledBy, item -> {
            names.add(item);
            kept.add(item);
        });
        return answer;
    }

    private @Nullable Object open(RawOutcome outcome, ItemNames names) {
        String name = names.of(outcome.index());
        names.remove(outcome.index());
        try {
            return outcome.open(codec);
        } catch (MultijvmException e) {
            throw name == null ? e : e.named(name);
        }
    }

    @SuppressWarnings({
        "unchecked", // the workers ran the caller's own function, whose result type R is
        "NullAway" // a null result is an R that may be null
    })
    private <T extends @Nullable Object, R extends @Nullable Object> Outcome<T, R> open(
            T item, RawOutcome outcome, ItemNames names) {
        try {
            return new Outcome.Success<>(item, outcome.index(), outcome.attempts(), (R) open(outcome, names));
        } catch (MultijvmException e) {
            return new Outcome.Failure<>(item, outcome.index(), outcome.attempts(), e);
        }
    }

    private <T extends @Nullable Object> CallState begin(
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
        Feeder<T> feeder =
                new Feeder<>(items, expected, codec, dispatcher, keep, settings.key() == null, settings.affinity());
        CallState call = new CallState(parts.nextCall(), function, settings, sink, feeder.gate(), kind, expected);
        control.accept(new CallVoice(call, dispatcher));
        dispatcher.submit(call.ownedBy(this));
        try {
            parts.feeders().execute(feeder.feeds(call));
        } catch (RejectedExecutionException e) {
            throw PoolEnd.rejection();
        }
        cutOffAtTheEnd(sink);
        return call;
    }

    @Override
    public void whenOver(Runnable action) {
        refuseIfClosed();
        end.whenOver(action);
    }

    /** If the pool was closed meanwhile and is gone before the dispatcher hears of a call, nobody else would tell. */
    private void cutOffAtTheEnd(Sink sink) {
        if (end.isClosed()) {
            end.whenOver(() -> {
                sink.abandoned(new CancellationException("the pool was closed"));
                sink.turnEnded();
            });
        }
    }

    private static long sizeOf(Iterable<?> items) {
        return items instanceof Collection<?> collection ? collection.size() : -1;
    }

    @Override
    public long seed() {
        return parts.seed();
    }

    @Override
    public void close() {
        stopAndWait(false);
    }

    @Override
    public void terminate() {
        stopAndWait(true);
    }

    private void stopAndWait(boolean now) {
        if (!end.isTerminated()) {
            parts.refuseInLoop("close() and terminate() wait for workers");
            end.stopAndWait(now);
        }
    }

    @Override
    public void shutdown() {
        end.stop(false);
    }

    /** Stops at once; the encoded tasks that were never begun, once the workers are gone. */
    final Stream<byte[]> stopNow() {
        end.stop(true);
        // only a worker that is gone can tell what it has not begun
        end.awaitWorkersGone();
        return singles.takeUnbegun();
    }

    @Override
    public boolean isShutdown() {
        return end.isClosed();
    }

    @Override
    public boolean isTerminated() {
        return end.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        parts.refuseInLoop("awaitTermination() waits for workers");
        return end.awaitTermination(timeout, unit);
    }

    /** Lets nothing in that comes after the end: throws a {@link RejectedExecutionException} then. */
    protected final void refuseIfClosed() {
        if (end.isClosed()) {
            throw PoolEnd.rejection();
        }
    }
}
