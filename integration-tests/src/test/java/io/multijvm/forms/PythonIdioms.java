// SPDX-License-Identifier: Apache-2.0
package io.multijvm.forms;

import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.TaskFuture;
import io.multijvm.task.Args;
import io.multijvm.task.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a page on Python's {@code multiprocessing.Pool} shows, in Java. */
final class PythonIdioms {
    private PythonIdioms() {}

    static int square(int x) {
        return x * x;
    }

    static int raise(int base, int exponent) {
        return (int) Math.pow(base, exponent);
    }

    static int clip(int x, int least, int most) {
        return Math.max(least, Math.min(most, x));
    }

    static int slowly(int x) throws InterruptedException {
        TimeUnit.SECONDS.sleep(60);
        return x;
    }

    static @Nullable Integer nothing(int x) {
        return null;
    }

    @SuppressWarnings("NullAway") // it does not see the @Nullable of the type arguments
    private static List<@Nullable Integer> nothings(Pool pool) {
        return pool.map(PythonIdioms::nothing, List.of(1, 2));
    }

    static int picky(int x) {
        if (x % 3 == 0) {
            throw new IllegalArgumentException("no multiples of three: " + x);
        }
        return x;
    }

    static Stream<Form> forms() {
        return Stream.of(
                Form.of(
                        "pool.map(f, range(5))",
                        List.of(0, 1, 4, 9, 16),
                        pool -> pool.map(
                                PythonIdioms::square,
                                IntStream.range(0, 5).boxed().toList())),
                Form.of("pool.apply(f, (10,))", 100, pool -> pool.apply(() -> square(10))),
                Form.of(
                        "pool.apply_async(f, (10,)).get()",
                        100,
                        pool -> pool.submit(() -> square(10)).get()),
                Form.of("[pool.apply_async(f, (i,)) for i in range(4)], then get each", List.of(0, 1, 4, 9), pool -> {
                    List<TaskFuture<Integer>> futures = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        int x = i;
                        futures.add(pool.submit(() -> square(x)));
                    }
                    List<Integer> results = new ArrayList<>();
                    for (TaskFuture<Integer> future : futures) {
                        results.add(future.get());
                    }
                    return results;
                }),
                Form.of(
                        "pool.map_async(f, items).get(timeout=60)",
                        List.of(1, 4),
                        pool -> pool.mapAsync(PythonIdioms::square, List.of(1, 2))
                                .get(60, TimeUnit.SECONDS)),
                Form.of(
                        "pool.starmap(pow, [(2, 5), (3, 2)])",
                        List.of(32, 9),
                        pool -> pool.starmap(PythonIdioms::raise, List.of(Args.of(2, 5), Args.of(3, 2)))),
                Form.of(
                        "pool.starmap of three",
                        List.of(0, 5),
                        pool -> pool.starmap(PythonIdioms::clip, List.of(Args.of(-7, 0, 5), Args.of(7, 0, 5)))),
                Form.of(
                        "pool.starmap_async(pow, pairs).get()",
                        List.of(32, 9),
                        pool -> pool.starmapAsync(PythonIdioms::raise, List.of(Args.of(2, 5), Args.of(3, 2)))
                                .get()),
                Form.of(
                        "pool.starmap(f, zip(xs, ys)), as a map of two inputs",
                        List.of(32, 9),
                        pool -> pool.map(PythonIdioms::raise, List.of(2, 3), List.of(5, 2))),
                Form.of(
                        "a map of three inputs",
                        List.of(0, 5),
                        pool -> pool.map(PythonIdioms::clip, List.of(-7, 7), List.of(0, 0), List.of(5, 5))),
                Form.of("for r in pool.imap(f, items)", 30, pool -> {
                    int sum = 0;
                    try (ResultStream<Integer> results = pool.imap(PythonIdioms::square, List.of(1, 2, 3, 4))) {
                        for (int result : results) {
                            sum += result;
                        }
                    }
                    return sum;
                }),
                Form.of("next(it), next(it)", List.of(1, 4), pool -> {
                    try (ResultStream<Integer> results = pool.imap(PythonIdioms::square, List.of(1, 2, 3))) {
                        Iterator<Integer> each = results.iterator();
                        return List.of(each.next(), each.next());
                    }
                }),
                Form.of("sorted(pool.imap_unordered(f, items))", List.of(1, 4, 9), pool -> {
                    try (ResultStream<Integer> results = pool.imapUnordered(PythonIdioms::square, List.of(3, 1, 2))) {
                        return results.stream().sorted().toList();
                    }
                }),
                Form.of("pool.map(functools.partial(pow, 2), items)", List.of(2, 4, 8), pool -> {
                    int base = 2;
                    return pool.map(exponent -> raise(base, exponent), List.of(1, 2, 3));
                }),
                Form.of(
                        "pool.map(f, items, chunksize=2)",
                        List.of(1, 4, 9, 16, 25),
                        pool -> pool.with(o -> o.chunkSize(2)).map(PythonIdioms::square, List.of(1, 2, 3, 4, 5))),
                Form.of("callback=results.append", List.of(49), pool -> {
                    var seen = new ConcurrentLinkedQueue<Integer>();
                    pool.submit(() -> square(7)).thenAccept(seen::add).get();
                    return List.copyOf(seen);
                }),
                Form.of(
                        "error_callback=print",
                        "no multiples of three: 3",
                        pool -> pool.submit(() -> picky(3))
                                .handle((value, failure) -> failure == null ? "" + value : messageAtTheBottom(failure))
                                .get()),
                Form.whileItRuns("result.get(timeout=0.05) gives up, the task does not", "too slow", pool -> {
                    TaskFuture<Integer> future = pool.submit(() -> slowly(1));
                    try {
                        return future.get(50, TimeUnit.MILLISECONDS);
                    } catch (TimeoutException e) {
                        return "too slow";
                    } finally {
                        future.cancel(true);
                    }
                }),
                Form.of("return_exceptions=True", List.of("1", "2", "TASK", "4"), pool -> {
                    try (ResultStream<Outcome<Integer, Integer>> outcomes =
                            pool.outcomes(PythonIdioms::picky, List.of(1, 2, 3, 4))) {
                        return outcomes.stream()
                                .map(outcome -> outcome.fold(
                                        String::valueOf,
                                        failure -> failure.kind().name()))
                                .toList();
                    }
                }),
                Form.of("map of nothing", List.of(), pool -> pool.map(PythonIdioms::square, List.of())),
                Form.of("results may be None", Arrays.asList(null, null), PythonIdioms::nothings),
                Form.of("an endless generator, and the first five", List.of(0, 1, 4, 9, 16), pool -> {
                    Iterable<Integer> naturals =
                            () -> Stream.iterate(0, x -> x + 1).iterator();
                    try (ResultStream<Integer> results = pool.imap(PythonIdioms::square, naturals)) {
                        return results.stream().limit(5).toList();
                    }
                }),
                Form.of("for each, for its effect alone", true, pool -> {
                    pool.forEach(
                            x -> {
                                if (x < 0) {
                                    throw new IllegalStateException("negative");
                                }
                            },
                            List.of(1, 2, 3));
                    return true;
                }),
                Form.of("the caller's list is not changed by a task, which gets a copy", List.of(), pool -> {
                    List<Integer> mine = Collections.synchronizedList(new ArrayList<>());
                    pool.with(o -> o.copy(true)).map(x -> mine.add(x), List.of(1, 2, 3));
                    return List.copyOf(mine);
                }));
    }

    private static String messageAtTheBottom(Throwable failure) {
        Throwable at = failure;
        for (Throwable cause = at.getCause(); cause != null; cause = at.getCause()) {
            at = cause;
        }
        return String.valueOf(at.getMessage());
    }
}
