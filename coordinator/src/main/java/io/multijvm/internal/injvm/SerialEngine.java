// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.Attempt;
import io.multijvm.CallProgress;
import io.multijvm.PoolListener;
import io.multijvm.PoolStats;
import io.multijvm.ResultStream;
import io.multijvm.TaskFuture;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.FailureTally;
import io.multijvm.internal.call.News;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableFunction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Items run in whatever thread calls, one after the other. Calls from several threads do not wait for each other. */
final class SerialEngine extends InJvmEngine {
    private final Crossing crossing;
    private final LiveCalls calls =
            new LiveCalls(this::over, new Counts(new News(Runnable::run), new Paces.OfTheCaller()));

    SerialEngine(Crossing crossing) {
        super(crossing);
        this.crossing = crossing;
        calls.of(this);
    }

    @Override
    LiveCalls calls() {
        return calls;
    }

    @Override
    public <R extends @Nullable Object> R apply(SerializableCallable<R> task, CallSettings settings) {
        calls.requireOpen();
        return this.<R>runOne(
                ItemTask.of(task, crossing, settings), new SerialProgress(settings, null), new ArrayList<>(1));
    }

    @Override
    public <R extends @Nullable Object> TaskFuture<R> submit(SerializableCallable<R> task, CallSettings settings) {
        calls.requireOpen();
        ItemTask<ItemTask.NoItem, R> crossed = ItemTask.of(task, crossing, settings);
        List<Attempt> attempts = new ArrayList<>(1);
        SerialProgress progress = new SerialProgress(settings, null);
        return finished(() -> runOne(crossed, progress, attempts), progress::now, attempts);
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        calls.requireOpen();
        return runAll(ItemTask.<T, R>of(task, crossing, settings), items, new SerialProgress(settings, items));
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> TaskFuture<List<R>> mapAsync(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        calls.requireOpen();
        ItemTask<T, R> crossed = ItemTask.of(task, crossing, settings);
        SerialProgress progress = new SerialProgress(settings, items);
        return finished(() -> runAll(crossed, items, progress), progress::now, List.of());
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> ResultStream<R> imap(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        calls.requireOpen();
        SerialSource<T, R> source = new SerialSource<>(ItemTask.of(task, crossing, settings), calls, items, settings);
        return new OrderedStream<T, R, R>(source, Outcome::orElseThrow);
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> ResultStream<Outcome<T, R>> outcomes(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        calls.requireOpen();
        SerialSource<T, R> source = new SerialSource<>(ItemTask.of(task, crossing, settings), calls, items, settings);
        return new OrderedStream<T, R, Outcome<T, R>>(source, outcome -> outcome);
    }

    @Override
    public <R extends @Nullable Object> List<R> broadcast(SerializableCallable<R> task, CallSettings settings) {
        List<R> result = new ArrayList<>(1);
        result.add(apply(task, settings));
        return result;
    }

    private <R extends @Nullable Object> R runOne(
            ItemTask<ItemTask.NoItem, R> task, SerialProgress progress, List<Attempt> attempts) {
        SerialCall<ItemTask.NoItem, R> call =
                new SerialCall<>(task, calls, Deadline.from(task.limit().settings()));
        calls.add(call);
        try {
            Outcome<ItemTask.NoItem, R> outcome = call.run(ItemTask.NoItem.NO_ITEM, 0, attempts);
            progress.count(outcome);
            return outcome.orElseThrow();
        } finally {
            calls.remove(call);
            progress.end();
        }
    }

    private <T extends @Nullable Object, R extends @Nullable Object> List<R> runAll(
            ItemTask<T, R> task, Iterable<? extends T> items, SerialProgress progress) {
        CallSettings settings = task.limit().settings();
        SerialCall<T, R> call = new SerialCall<>(task, calls, Deadline.from(settings));
        calls.add(call);
        try {
            FailureTally failures = new FailureTally();
            List<R> results = new ArrayList<>();
            Consumer<Outcome<T, R>> take = outcome -> {
                progress.count(outcome);
                if (settings.finishOthers() && outcome instanceof Outcome.Failure<T, R> failure) {
                    failures.add(failure.index(), failure.error());
                } else {
                    results.add(outcome.orElseThrow());
                }
            };
            Throwable inputFailure = runEach(call, items.iterator(), take);
            if (!failures.isEmpty()) {
                throw Unchecked.rethrow(failures.thrown());
            }
            if (inputFailure != null) {
                throw Unchecked.rethrow(inputFailure);
            }
            progress.complete();
            return results;
        } finally {
            calls.remove(call);
            progress.end();
        }
    }

    /** Runs items to the input's end; what the input throws is returned, for items before it may have failed as well. */
    private static <T extends @Nullable Object, R extends @Nullable Object> @Nullable Throwable runEach(
            SerialCall<T, R> call, Iterator<? extends T> input, Consumer<Outcome<T, R>> take) {
        for (long index = 0; ; index++) {
            T item;
            try {
                if (!input.hasNext()) {
                    return null;
                }
                item = input.next();
            } catch (Throwable thrown) { // user code
                return thrown;
            }
            take.accept(call.run(item, index));
        }
    }

    /** Work that is done before this returns; whatever it throws is the future's. */
    private static <V extends @Nullable Object> TaskFuture<V> finished(
            Work<V> work, Supplier<CallProgress> progress, List<Attempt> attempts) {
        CallFuture<V> future = new CallFuture<>(() -> {}, () -> {}, progress, () -> attempts);
        try {
            future.succeed(work.run());
        } catch (Throwable thrown) {
            future.fail(thrown);
        }
        return future;
    }

    private interface Work<V extends @Nullable Object> {
        V run();
    }

    @Override
    public void resize(int workers) {
        calls.requireOpen();
        // the caller's thread is all there is, and no result depends on it
    }

    @Override
    public void restart() {
        throw new UnsupportedOperationException(
                "the caller's own JVM cannot be restarted; use Pool.processes() for tasks that leave state behind");
    }

    @Override
    public PoolStats stats() {
        return calls.counts().stats(1);
    }

    @Override
    public void addListener(PoolListener listener) {
        calls.counts().news().add(listener);
    }

    @Override
    public void close() {
        calls.close();
        try {
            calls.awaitEnd();
        } catch (InterruptedException e) {
            terminate();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void terminate() {
        calls.terminate();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return calls.awaitEnd(unit.toNanos(timeout));
    }

    @Override
    public boolean isTerminated() {
        return calls.isEnded();
    }
}
