// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RunnableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A future that is made before its task is submitted, or has another value than the task's: what becomes of the task's own
 * future becomes of it, and ending it early ends that one.
 *
 * @param <R> its own result
 */
final class RelayedFuture<R extends @Nullable Object> extends TaskFuture<R> implements RunnableFuture<R> {
    /** Set once, before anybody but its maker has this future. */
    private volatile @Nullable TaskFuture<?> source;

    /** From now on this is the answer to that task, its value made by {@code value}, which must not throw. */
    <S extends @Nullable Object> void follow(TaskFuture<S> task, Function<? super S, ? extends R> value) {
        source = task;
        var unused = task.whenComplete((result, failure) -> {
            if (failure == null) {
                answer(value.apply(result));
            } else if (failure instanceof CancellationException) {
                answerCancelled();
            } else {
                answerExceptionally(failure);
            }
        });
    }

    /** Does nothing: the task runs in a worker. A wrapper that is made to run a future runs this one when it is done. */
    @Override
    public void run() {}

    @Override
    public CallProgress progress() {
        TaskFuture<?> task = source;
        return task == null ? new CallProgress(0, 0, OptionalLong.of(1)) : task.progress();
    }

    @Override
    public List<Attempt> attempts() {
        TaskFuture<?> task = source;
        return task == null ? List.of() : task.attempts();
    }

    @Override
    protected void stop() {
        TaskFuture<?> task = source;
        if (task != null) {
            task.cancel(true);
        }
    }

    @Override
    protected void letRun() {
        TaskFuture<?> task = source;
        if (task != null) {
            task.cancel(false);
        }
    }
}
