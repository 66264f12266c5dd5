// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.PoolListener;
import io.multijvm.PoolStats;
import io.multijvm.ResultStream;
import io.multijvm.TaskFuture;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.News;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableFunction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Items run in whatever thread calls, one after the other. Calls from several threads do not wait for each other. */
final class SerialEngine extends InJvmEngine {
    private final Crossing crossing;
    private final LiveCalls calls = new LiveCalls(() -> {}, new Counts(new News(Runnable::run)));

    SerialEngine(Crossing crossing) {
        this.crossing = crossing;
    }

    @Override
    public <R extends @Nullable Object> R apply(SerializableCallable<R> task, CallSettings settings) {
        calls.requireOpen();
        return this.<R>runOne(ItemTask.of(task, crossing, settings));
    }

    @Override
    public <R extends @Nullable Object> TaskFuture<R> submit(SerializableCallable<R> task, CallSettings settings) {
        calls.requireOpen();
        ItemTask<ItemTask.NoItem, R> crossed = ItemTask.of(task, crossing, settings);
        return finished(() -> runOne(crossed));
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        calls.requireOpen();
        return runAll(ItemTask.<T, R>of(task, crossing, settings), items);
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> TaskFuture<List<R>> mapAsync(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        calls.requireOpen();
        ItemTask<T, R> crossed = ItemTask.of(task, crossing, settings);
        return finished(() -> runAll(crossed, items));
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> ResultStream<R> imap(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        calls.requireOpen();
        SerialSource<T, R> source = new SerialSource<>(ItemTask.of(task, crossing, settings), calls, items);
        return new OrderedStream<T, R, R>(source, Outcome::orElseThrow);
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> ResultStream<Outcome<T, R>> outcomes(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        calls.requireOpen();
        SerialSource<T, R> source = new SerialSource<>(ItemTask.of(task, crossing, settings), calls, items);
        return new OrderedStream<T, R, Outcome<T, R>>(source, outcome -> outcome);
    }

    private <R extends @Nullable Object> R runOne(ItemTask<ItemTask.NoItem, R> task) {
        SerialCall<ItemTask.NoItem, R> call = new SerialCall<>(task, calls);
        calls.add(call);
        try {
            return call.run(ItemTask.NoItem.NO_ITEM, 0).orElseThrow();
        } finally {
            calls.remove(call);
        }
    }

    private <T extends @Nullable Object, R extends @Nullable Object> List<R> runAll(
            ItemTask<T, R> task, Iterable<? extends T> items) {
        SerialCall<T, R> call = new SerialCall<>(task, calls);
        calls.add(call);
        try {
            List<R> results = new ArrayList<>();
            for (T item : items) {
                results.add(call.run(item, results.size()).orElseThrow());
            }
            return results;
        } finally {
            calls.remove(call);
        }
    }

    /** Work that is done before this returns; whatever it throws is the future's. */
    private static <V extends @Nullable Object> TaskFuture<V> finished(Work<V> work) {
        CallFuture<V> future = new CallFuture<>(() -> {});
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
}
