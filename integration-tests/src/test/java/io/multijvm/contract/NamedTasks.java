// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Tasks as code for any executor has them, and such code: nothing here is Multijvm's. */
final class NamedTasks {
    private NamedTasks() {}

    record Square(int n) implements Callable<Integer> {
        @Override
        public Integer call() {
            return n * n;
        }
    }

    record Fail(String message) implements Callable<Integer> {
        @Override
        public Integer call() throws IOException {
            throw new IOException(message);
        }
    }

    /** A process's id, after it has told that it runs. */
    record Pid() implements Callable<Long> {
        @Override
        public Long call() {
            return ProcessHandle.current().pid();
        }
    }

    /** Makes a file. */
    record Touch(String file) implements Runnable {
        @Override
        public void run() {
            touch(file);
        }
    }

    /** Tells that it runs, waits until it may end, and tells that it has. */
    record Between(String begun, String gate, String ended) implements Callable<Long> {
        @Override
        public Long call() throws InterruptedException {
            touch(begun);
            for (long waited = 0; !Files.exists(Path.of(gate)); waited++) {
                if (waited > 30_000) {
                    throw new IllegalStateException("nobody opened " + gate);
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
            touch(ended);
            return ProcessHandle.current().pid();
        }
    }

    static void touch(String file) {
        try {
            Files.write(Path.of(file), new byte[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void awaitFile(Path file) {
        await("file " + file)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> Files.exists(file));
    }

    private static Throwable cause(ExecutionException e) {
        return Objects.requireNonNull(e.getCause());
    }

    /** A program that knows executors only, to its very end; what it saw. */
    static String program(ExecutorService executor) throws Exception {
        StringBuilder seen = new StringBuilder();
        Future<Integer> one = executor.submit(new Square(7));
        seen.append(one.get(60, TimeUnit.SECONDS)).append(one.isDone()).append(one.isCancelled());
        for (Future<Integer> each : executor.invokeAll(List.of(new Square(1), new Fail("no disk"), new Square(3)))) {
            try {
                seen.append(' ').append(each.get());
            } catch (ExecutionException e) {
                seen.append(' ').append(cause(e).getClass().getName()).append(e.getMessage());
            }
        }
        seen.append(' ').append(executor.<Integer>invokeAny(List.of(new Fail("first"), new Square(4))));
        ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(executor);
        for (int i = 0; i < 5; i++) {
            var unused = service.submit(new Square(i));
        }
        int sum = 0;
        for (int i = 0; i < 5; i++) {
            sum += service.take().get();
        }
        seen.append(" sum ").append(sum).append(service.poll() == null);
        try {
            executor.invokeAny(List.of(new Fail("a"), new Fail("a")), 60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            seen.append(' ').append(e);
        }
        Future<String> given = executor.submit(new Touch("/dev/null"), "given");
        executor.shutdown();
        seen.append(' ').append(executor.awaitTermination(60, TimeUnit.SECONDS)).append(given.isDone());
        seen.append(given.get()).append(executor.isShutdown()).append(executor.isTerminated());
        return seen.toString();
    }
}
