// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import io.multijvm.PoolListener;
import io.multijvm.PoolStats;
import io.multijvm.ResultStream;
import io.multijvm.TaskFuture;
import io.multijvm.shared.Shared;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableFunction;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One kind of pool, behind the public interface: each call with its settings. The contract is that of
 * {@link io.multijvm.Calls} and {@link io.multijvm.Pool}.
 */
public interface CallEngine {
    <R extends @Nullable Object> R apply(SerializableCallable<R> task, CallSettings settings);

    <R extends @Nullable Object> TaskFuture<R> submit(SerializableCallable<R> task, CallSettings settings);

    <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings);

    <T extends @Nullable Object, R extends @Nullable Object> TaskFuture<List<R>> mapAsync(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings);

    <T extends @Nullable Object, R extends @Nullable Object> ResultStream<R> imap(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings);

    <T extends @Nullable Object, R extends @Nullable Object> ResultStream<Outcome<T, R>> outcomes(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items, CallSettings settings);

    <R extends @Nullable Object> List<R> broadcast(SerializableCallable<R> task, CallSettings settings);

    /** See {@link io.multijvm.Pool#share}. */
    <T> Shared<T> share(T value);

    /**
     * Has this run when every call has ended and the workers are gone, before {@link #close} returns.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the pool is closed
     */
    void whenOver(Runnable action);

    /** See {@link io.multijvm.Pool#seed}. */
    long seed();

    void resize(int workers);

    void restart();

    PoolStats stats();

    void addListener(PoolListener listener);

    void close();

    void terminate();

    /** No new work; returns at once. What was submitted is finished, then the workers end. */
    void shutdown();

    /** As {@link #terminate()}; copies or originals of the submitted tasks that were never begun, each once. */
    List<SerializableCallable<?>> shutdownNow();

    boolean isShutdown();

    /** Whether the pool was shut down, every future of its calls is done and the workers are gone. */
    boolean isTerminated();

    boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException;
}
