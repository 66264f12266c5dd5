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
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Items run in a fixed number of threads. Thread-safe. */
final class ThreadsEngine extends InJvmEngine {
    /** Items that an eager call has read and that have not ended, at most: enough that no thread waits for the input. */
    private static final int EAGER_WINDOW = 64;

    private final Crossing crossing;
    private final PoolThreads threads;
    private final LiveCalls calls;
    private volatile int count;

    ThreadsEngine(int count, Crossing crossing, ClassLoader loader) {
        super(crossing);
        this.count = count;
        this.crossing = crossing;
        threads = new PoolThreads(count, loader);
        calls = new LiveCalls(this::ended, new Counts(new News(threads::runOther), new Paces.OfEachThread()), threads);
        calls.of(this);
    }

    @Override
    LiveCalls calls() {
        return calls;
    }

    @Override
    public <R extends @Nullable Object> R apply(SerializableCallable<R> task, CallSettings settings) {
        return this.<R>submitted(task, settings, Runnable::run).future().await();
    }

    @Override
    public <R extends @Nullable Object> TaskFuture<R> submit(SerializableCallable<R> task, CallSettings settings) {
        return this.<R>submitted(task, settings, threads::runOther).future();
    }

    private <R extends @Nullable Object> SubmittedCall<R> submitted(
            SerializableCallable<R> task, CallSettings settings, SubmittedCall.Answering answering) {
        calls.requireOpen();
        SubmittedCall<R> call = new SubmittedCall<>(
                task, ItemTask.of(task, crossing, settings), calls, answering, threads::runOther, settings);
        calls.add(call);
        call.startClock();
        threads.runItem(call::run, call.depth());
        return call;
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        calls.requireOpen();
        EagerCall<T, R> call = eager(task, items, settings, Runnable::run);
        try {
            if (settings.deadline() == null) {
                call.read(items);
            } else {
                // an input that makes its reader wait must not hold up the answer
                threads.runOther(() -> call.readInBackground(items));
            }
        } catch (InterruptedException e) {
            throw call.future().interrupted();
        }
        try {
            return call.future().await();
        } finally {
            call.lastReport();
        }
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> TaskFuture<List<R>> mapAsync(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        calls.requireOpen();
        EagerCall<T, R> call = eager(task, items, settings, threads::runOther);
        threads.runOther(() -> call.readInBackground(items));
        return call.future();
    }

    private <T extends @Nullable Object, R extends @Nullable Object> EagerCall<T, R> eager(
            SerializableFunction<? super T, ? extends R> task,
            Iterable<? extends T> items,
            CallSettings settings,
            SubmittedCall.Answering answering) {
        EagerCall<T, R> call =
                new EagerCall<>(ItemTask.of(task, crossing, settings), calls, threads, window(), answering);
        calls.add(call);
        call.startClock(Deadline.from(settings), items);
        return call;
    }

    @Override
    public <R extends @Nullable Object> List<R> broadcast(SerializableCallable<R> task, CallSettings settings) {
        calls.requireOpen();
        calls.requireOtherThread("broadcast()");
        BroadcastCall<R> call = new BroadcastCall<>(ItemTask.of(task, crossing, settings), calls, threads, settings);
        calls.add(call);
        call.start(threads);
        try {
            return call.future().await();
        } finally {
            call.lastReport();
        }
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> ResultStream<R> imap(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        return new OrderedStream<T, R, R>(lazy(task, items, settings), Outcome::orElseThrow);
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> ResultStream<Outcome<T, R>> outcomes(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        return new OrderedStream<T, R, Outcome<T, R>>(lazy(task, items, settings), outcome -> outcome);
    }

    private <T extends @Nullable Object, R extends @Nullable Object> LazyCall<T, R> lazy(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings) {
        calls.requireOpen();
        int buffer = settings.buffer() == 0 ? 4 * count : settings.buffer();
        LazyCall<T, R> call =
                new LazyCall<>(ItemTask.of(task, crossing, settings), calls, threads, buffer, settings.ordered());
        calls.add(call);
        call.startClock(Deadline.from(settings), items);
        threads.runOther(() -> call.readInBackground(items));
        return call;
    }

    private void ended() {
        threads.shutdown();
        over();
    }

    private int window() {
        return Math.max(EAGER_WINDOW, 4 * count);
    }

    @Override
    public void resize(int workers) {
        calls.requireOpen();
        threads.resize(workers);
        count = workers;
    }

    @Override
    public void restart() {
        throw new UnsupportedOperationException(
                "threads cannot be restarted without this JVM, whose state is theirs; use Pool.processes()");
    }

    @Override
    public PoolStats stats() {
        return calls.counts().stats(count);
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
            threads.awaitEnd();
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
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        return calls.awaitEnd(unit.toNanos(timeout)) && threads.awaitEnd(deadline - System.nanoTime());
    }

    @Override
    public boolean isTerminated() {
        return calls.isEnded() && threads.isEnded();
    }
}
