// SPDX-License-Identifier: Apache-2.0
package io.multijvm.forms;

import io.multijvm.TaskFuture;
import io.multijvm.task.SerializableCallable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** What a program on {@code java.util.concurrent} shows. */
final class ExecutorForms {
    private ExecutorForms() {}

    /** A named task, as any of {@code java.util.concurrent} has to be that crosses. */
    record Cube(int x) implements Callable<Integer>, Serializable {
        @Override
        public Integer call() {
            return x * x * x;
        }
    }

    /** One that fails by a checked exception. */
    record Fails(String why) implements Callable<Integer>, Serializable {
        @Override
        public Integer call() throws Exception {
            throw new Exception(why);
        }
    }

    static Stream<Form> forms() {
        return Stream.of(
                Form.of("ExecutorService.submit of a named task", 27, pool -> {
                    ExecutorService executor = pool;
                    Future<Integer> future = executor.submit(new Cube(3));
                    return future.get();
                }),
                Form.of("invokeAll of named tasks", List.of(1, 8), pool -> {
                    ExecutorService executor = pool;
                    return values(executor.invokeAll(List.of(new Cube(1), new Cube(2))));
                }),
                Form.of("invokeAll of lambdas", List.of(1, 4), pool -> {
                    List<SerializableCallable<Integer>> tasks = List.of(() -> 1, () -> 4);
                    return values(pool.invokeAll(tasks));
                }),
                Form.of("invokeAny", 8, pool -> pool.invokeAny(List.of(new Cube(2), new Fails("never mind")))),
                Form.of("ExecutorCompletionService, each as it comes", 9, pool -> {
                    CompletionService<Integer> service = new ExecutorCompletionService<>(pool);
                    service.submit(new Cube(1));
                    service.submit(new Cube(2));
                    return service.take().get() + service.take().get();
                }),
                Form.of("the task's own exception is the cause", "no disk", pool -> {
                    try {
                        return pool.submit(new Fails("no disk")).get();
                    } catch (ExecutionException e) {
                        Throwable cause = e.getCause();
                        return cause == null ? "none" : String.valueOf(cause.getMessage());
                    }
                }),
                Form.of("thenCombine of two futures", 9, pool -> {
                    TaskFuture<Integer> one = pool.submit(() -> 1);
                    TaskFuture<Integer> eight = pool.submit(() -> 8);
                    return one.thenCombine(eight, Integer::sum).get();
                }),
                Form.of("allOf many futures", 6, pool -> {
                    List<TaskFuture<Integer>> futures = new ArrayList<>();
                    for (int i = 1; i <= 3; i++) {
                        int x = i;
                        futures.add(pool.submit(() -> x));
                    }
                    CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                            .get();
                    return futures.stream().mapToInt(TaskFuture::join).sum();
                }),
                Form.whileItRuns("a task that was cancelled", true, pool -> {
                    TaskFuture<Integer> future = pool.submit(() -> PythonIdioms.slowly(1));
                    future.cancel(true);
                    return future.isCancelled();
                }),
                Form.of(
                        "the next task is made from the last one's result",
                        16,
                        pool -> pool.submit(() -> 4)
                                .thenCompose(x -> pool.submit(() -> x * x))
                                .get()));
    }

    private static List<Integer> values(List<Future<Integer>> futures) throws InterruptedException, ExecutionException {
        List<Integer> values = new ArrayList<>();
        for (Future<Integer> future : futures) {
            values.add(future.get());
        }
        return values;
    }
}
