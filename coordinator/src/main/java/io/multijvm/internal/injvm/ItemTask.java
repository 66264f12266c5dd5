// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.PayloadException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableFunction;
import io.multijvm.wire.v1.FailurePhase;
import org.jspecify.annotations.Nullable;

/**
 * The task of one call, which has crossed, and the way of an item through it: across, run, and back.
 *
 * @param function what is done to an item
 * @param crossing what happens to values on the way
 * @param limit how long an item may run
 * @param draws where its items' random numbers come from
 */
record ItemTask<T extends @Nullable Object, R extends @Nullable Object>(
        SerializableFunction<? super T, ? extends R> function,
        Crossing crossing,
        TimeLimit limit,
        PoolContext.Draws draws) {

    /** The item of a task without one. */
    enum NoItem {
        NO_ITEM
    }

    /** @throws PayloadException if the task cannot cross */
    static <T extends @Nullable Object, R extends @Nullable Object> ItemTask<T, R> of(
            SerializableFunction<? super T, ? extends R> task, Crossing crossing, CallSettings settings) {
        Crossing way = crossing.with(settings);
        return new ItemTask<>(
                way.task(task), way, new TimeLimit(settings), crossing.pool().nextCall());
    }

    /**
     * A task without an item.
     *
     * @throws PayloadException if the task cannot cross
     */
    static <R extends @Nullable Object> ItemTask<NoItem, R> of(
            SerializableCallable<? extends R> task, Crossing crossing, CallSettings settings) {
        Crossing way = crossing.with(settings);
        SerializableCallable<? extends R> crossed = way.task(task);
        return new ItemTask<>(
                none -> crossed.callOrThrow(),
                way,
                new TimeLimit(settings.forSubmits()),
                crossing.pool().nextSubmit(settings));
    }

    /** The item's name, if the call names its items; for the thread that reads the input, whose failure a failure here is. */
    @Nullable
    String nameOf(T item) {
        SerializableFunction<@Nullable Object, String> key = limit.settings().key();
        return key == null ? null : String.valueOf(key.apply(item));
    }

    /**
     * Runs one item. Whatever goes wrong is a value: an error of the task must not cost a thread of the pool.
     *
     * @param attempt of the item, from 1
     */
    Outcome<T, R> run(T item, long index, int attempt, String where) {
        T crossed;
        try {
            crossed = crossing.item(item);
        } catch (PayloadException e) {
            return failed(item, index, attempt - 1, Crossing.refusedItem(e, index));
        }
        FailurePhase phase = FailurePhase.FAILURE_PHASE_RUN;
        try {
            R result = function.applyOrThrow(crossed);
            phase = FailurePhase.FAILURE_PHASE_ENCODE_RESULT;
            return new Outcome.Success<>(item, index, attempt, crossing.result(result));
        } catch (Throwable thrown) {
            return failed(item, index, attempt, crossing.failure(thrown, phase, index, where));
        }
    }

    private static <T extends @Nullable Object, R extends @Nullable Object> Outcome<T, R> failed(
            T item, long index, int attempts, MultijvmException error) {
        return new Outcome.Failure<>(item, index, attempts, error);
    }
}
