// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.codec.AroundTask;
import io.multijvm.failure.PayloadException;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableRunnable;
import io.multijvm.worker.job.PlainCallable;
import io.multijvm.worker.job.PlainRunnable;
import java.io.Serializable;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Tasks of the JDK's types as tasks that cross, and refused with the fix where that can be seen from outside. */
final class PlainTasks {
    private PlainTasks() {}

    @SuppressWarnings("unchecked") // a task that makes an R is all that is asked of it
    static <R extends @Nullable Object> SerializableCallable<R> of(Callable<? extends R> task) {
        refuse(Objects.requireNonNull(task, "task"));
        return task instanceof SerializableCallable<? extends R> crosses
                ? (SerializableCallable<R>) crosses
                : new PlainCallable<R>(task);
    }

    static PlainRunnable of(Runnable task) {
        refuse(Objects.requireNonNull(task, "task"));
        return new PlainRunnable(task);
    }

    /** A task that was never begun, as {@code shutdownNow} gives it back. */
    static Runnable asRunnable(SerializableCallable<?> task) {
        return task instanceof PlainRunnable plain ? plain.runnable() : new Unbegun(task);
    }

    private static void refuse(Object task) {
        if (task instanceof CompletableFuture.AsynchronousCompletionTask) {
            throw refused(
                    task,
                    "it is a stage of a CompletableFuture, and its copy in a worker could never complete the future here",
                    "in place of supplyAsync(task, pool) or thenApplyAsync(f, pool) use pool.submit(task), which is a"
                            + " CompletableFuture itself: pool.submit(task).thenApply(f)");
        }
        if (task instanceof Future<?>) {
            throw refused(
                    task,
                    "its copy in a worker would be completed, and the one here never",
                    "submit the task itself and use the future that submit(...) returns: pool.submit(task).thenApply(f)");
        }
        if (task.getClass().isHidden() && !(task instanceof Serializable)) {
            throw refused(
                    task,
                    "a lambda is serialisable only where such a type is expected, and not through a variable of type"
                            + " ExecutorService, Executor, Callable or Runnable",
                    "call it on a variable of type Pool, as pool.submit(() -> ...); declare the task as"
                            + " SerializableCallable or SerializableRunnable (io.multijvm.task); or make it a named class"
                            + " or record, Serializable if the pool's codec is Java serialisation");
        }
    }

    private static PayloadException refused(Object task, String why, String advice) {
        String message =
                "task (" + task.getClass().getName() + ") cannot cross to another JVM: " + why + ". Next: " + advice;
        return new PayloadException(message, "task", advice, null);
    }

    /**
     * A task that had a result, which nobody waits for any more. It crosses again, so another pool takes it.
     *
     * @param task what to call
     */
    private record Unbegun(SerializableCallable<?> task) implements SerializableRunnable, AroundTask {
        @Override
        public void runOrThrow() throws Exception {
            var unused = task.callOrThrow();
        }

        @Override
        public Object inner() {
            return task;
        }
    }
}
