// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.codec.ForyCodec;
import io.multijvm.codec.JavaCodec;
import io.multijvm.task.Codec;
import io.multijvm.task.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** A coordinator with a small heap, given more work than would fit in it. Prints one line that ends in OK. */
public final class SmallCoordinator {
    private SmallCoordinator() {}

    public static void main(String[] args) throws Exception {
        long begin = System.nanoTime();
        String done = switch (args[0]) {
            case "map" -> map();
            case "infinite" -> infinite();
            case "stopped consumer" -> stoppedConsumer(Long.parseLong(args[1]));
            case "big results" -> bigResults();
            case "hostile results" -> hostileResults();
            default -> throw new IllegalArgumentException(args[0]);
        };
        System.out.printf(
                "%s under %d MiB: %s, %.1f s OK%n",
                args[0], Runtime.getRuntime().maxMemory() >> 20, done, (System.nanoTime() - begin) / 1e9);
    }

    private static String map() {
        try (Pool pool = Pool.processes(2)) {
            Iterable<Integer> twoMillion = () -> IntStream.range(0, 2_000_000).iterator();
            List<Integer> results = pool.map(item -> item + 1, twoMillion);
            for (int i = 0; i < results.size(); i++) {
                require(results.get(i) == i + 1, "result " + i + " is " + results.get(i));
            }
            require(results.size() == 2_000_000, results.size() + " results");
            return "2,000,000 results in order";
        }
    }

    private static Iterable<Long> endless(AtomicLong read) {
        return () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Long next() {
                return read.getAndIncrement();
            }
        };
    }

    private static String infinite() {
        AtomicLong read = new AtomicLong();
        try (Pool pool = Pool.processes(2);
                ResultStream<Long> results = pool.imap(item -> item * 2, endless(read))) {
            Iterator<Long> taken = results.iterator();
            for (long i = 0; i < 1_000_000; i++) {
                long result = taken.next();
                require(result == 2 * i, "result " + i + " is " + result);
            }
        }
        return "1,000,000 taken of an endless input, " + read + " read";
    }

    private static String stoppedConsumer(long seconds) throws InterruptedException {
        AtomicLong read = new AtomicLong();
        try (Pool pool = Pool.processes(2);
                ResultStream<byte[]> results = pool.imap(item -> new byte[100_000], endless(read))) {
            Iterator<byte[]> taken = results.iterator();
            for (int i = 0; i < 50; i++) {
                taken.next();
            }
            long before = read.get();
            // the consumer does something else for that long: time itself is what this is about
            new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
            long after = read.get();
            for (int i = 0; i < 1_000; i++) {
                require(taken.next().length == 100_000, "a result is cut");
            }
            return "consumer away for " + Duration.ofSeconds(seconds) + ": read " + before + " before, " + after
                    + " after, went on";
        }
    }

    private static String bigResults() {
        try (Pool pool = Pool.processes(2);
                ResultStream<byte[]> results = pool.imap(
                        item -> new byte[4 << 20], () -> IntStream.range(0, 500).iterator())) {
            long bytes = 0;
            for (byte[] result : results) {
                bytes += result.length;
            }
            return (bytes >> 20) + " MiB streamed";
        }
    }

    /** Sets whose hash would take longer than anybody lives, in a result and in what a task throws. */
    private static final class Endless extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final HashSet<Object> sets = new HashSet<>();

        Endless(int levels) {
            super("see what is in it");
            HashSet<Object> left = sets;
            HashSet<Object> right = new HashSet<>();
            for (int i = 0; i < levels; i++) {
                HashSet<Object> lowerLeft = new HashSet<>(Set.of("only this tells them apart"));
                HashSet<Object> lowerRight = new HashSet<>();
                for (HashSet<Object> upper : List.of(left, right)) {
                    // those are small as yet
                    upper.add(lowerLeft);
                    upper.add(lowerRight);
                }
                left = lowerLeft;
                right = lowerRight;
            }
        }
    }

    private static Object hostile(int item) {
        if (item == 3) {
            return new Endless(100).sets;
        }
        if (item == 7) {
            throw new Endless(100);
        }
        return item;
    }

    private static String hostileResults() {
        List<String> done = new ArrayList<>();
        for (Codec codec : List.of(new ForyCodec(), new JavaCodec())) {
            long begin = System.nanoTime();
            try (Pool pool = Pool.processes(o -> o.workers(2).codec(codec))) {
                List<Outcome<Integer, Object>> outcomes = pool
                        .<Integer, Object>outcomes(
                                SmallCoordinator::hostile,
                                IntStream.range(0, 10).boxed().toList())
                        .stream()
                        .toList();
                for (int item = 0; item < 10; item++) {
                    Outcome<Integer, Object> outcome = outcomes.get(item);
                    String told = outcome.fold(String::valueOf, failure -> failure.kind() + " " + failure);
                    switch (item) {
                        case 3 -> require(told.contains("PAYLOAD") && told.contains("would never end"), told);
                        case 7 -> require(told.contains("TASK") && told.contains("see what is in it"), told);
                        default -> require(told.equals(Integer.toString(item)), told);
                    }
                }
                require(pool.<Integer>apply(() -> 42) == 42, "the pool is gone");
            }
            Runtime runtime = Runtime.getRuntime();
            System.gc();
            done.add(String.format(
                    "%s: 8 results and 2 failures after %.1f s, %d MiB of heap in use",
                    codec.getClass().getSimpleName(),
                    (System.nanoTime() - begin) / 1e9,
                    (runtime.totalMemory() - runtime.freeMemory()) >> 20));
        }
        return String.join("; ", done);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
