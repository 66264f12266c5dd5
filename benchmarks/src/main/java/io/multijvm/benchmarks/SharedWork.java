// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.shared.SharedBarrier;
import io.multijvm.shared.SharedLock;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedLongArray;
import io.multijvm.shared.SharedMap;
import io.multijvm.task.SerializableCallable;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;

/** What processes do to shared data and locks, and how long it takes. */
final class SharedWork {
    /** As in the Python program. */
    private static final int ELEMENTS = 1_000;

    private SharedWork() {}

    static Measured add(Manager manager, int times) {
        try (SharedLong value = manager.longValue(0)) {
            long begin = System.nanoTime();
            for (int i = 0; i < times; i++) {
                value.incrementAndGet();
            }
            return new Measured(System.nanoTime() - begin, value.get());
        }
    }

    @SuppressWarnings("LockNotBeforeTry") // what is measured is the lock alone
    static Measured lockAndUnlock(Manager manager, int times) {
        try (SharedLock lock = manager.lock()) {
            lock.lock();
            long first = lock.token();
            lock.unlock();
            long begin = System.nanoTime();
            for (int i = 0; i < times; i++) {
                lock.lock();
                lock.unlock();
            }
            long nanos = System.nanoTime() - begin;
            lock.lock();
            long taken = lock.token() - first - 1; // it rises by one each time
            lock.unlock();
            return new Measured(nanos, taken);
        }
    }

    /** Two processes count together under a lock, by two operations each time, from when both are ready to when both have done. */
    static Measured countByTwo(Pool two, Manager manager, int times) {
        int each = times / 2;
        try (SharedLock lock = manager.lock();
                SharedLong count = manager.longValue(0);
                SharedBarrier together = manager.barrier(3)) {
            SerializableCallable<Integer> counting = () -> {
                together.await();
                for (int i = 0; i < each; i++) {
                    lock.lock();
                    try {
                        count.set(count.get() + 1);
                    } finally {
                        lock.unlock();
                    }
                }
                return together.await();
            };
            List<TaskFuture<Integer>> both = List.of(two.submit(counting), two.submit(counting));
            together.await();
            long begin = System.nanoTime();
            together.await();
            long nanos = System.nanoTime() - begin;
            both.forEach(TaskFuture::join);
            return new Measured(nanos, count.get());
        } catch (BrokenBarrierException e) {
            throw new IllegalStateException("one of the two processes has died", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    static Measured setElements(Manager manager, int times) {
        try (SharedLongArray array = manager.longArray(ELEMENTS)) {
            long begin = System.nanoTime();
            for (int i = 0; i < times; i++) {
                array.set(i % ELEMENTS, i);
            }
            long nanos = System.nanoTime() - begin;
            return new Measured(nanos, Arrays.stream(array.toArray()).sum());
        }
    }

    /** In the program that owns the map. */
    static Measured putHere(Manager manager, int times) {
        try (SharedMap<Integer, Integer> map = manager.map()) {
            return put(map, times);
        }
    }

    /** In a worker, each put waiting for its answer. */
    static Measured putThere(Pool one, Manager manager, int times) {
        try (SharedMap<Integer, Integer> map = manager.map()) {
            return one.apply(() -> put(map, times));
        }
    }

    /** In a worker, one behind the other; waits for the last. */
    static Measured putWithoutWaiting(Pool one, Manager manager, int times) {
        try (SharedMap<Integer, Integer> map = manager.map()) {
            return one.apply(() -> {
                long begin = System.nanoTime();
                CompletableFuture<Integer> last = CompletableFuture.completedFuture(0);
                for (int i = 0; i < times; i++) {
                    last = map.putAsync(i % ELEMENTS, i);
                }
                last.join();
                return new Measured(System.nanoTime() - begin, sum(map));
            });
        }
    }

    private static Measured put(SharedMap<Integer, Integer> map, int times) {
        long begin = System.nanoTime();
        for (int i = 0; i < times; i++) {
            map.put(i % ELEMENTS, i);
        }
        return new Measured(System.nanoTime() - begin, sum(map));
    }

    /** Of one's own class, as in the Python program. */
    interface Counter {
        int increment();
    }

    private static final class PlainCounter implements Counter {
        private int count;

        @Override
        public int increment() {
            return ++count;
        }
    }

    /** In the program that owns the counter. */
    static Measured incrementHere(Manager manager, int times) {
        Counter counter = manager.register(Counter.class, PlainCounter::new);
        try {
            return increment(counter, times);
        } finally {
            manager.unregister(counter);
        }
    }

    /** In a worker, each call waiting for its answer. */
    static Measured incrementThere(Pool one, Manager manager, int times) {
        Counter counter = manager.register(Counter.class, PlainCounter::new);
        try {
            return one.apply(() -> increment(counter, times));
        } finally {
            manager.unregister(counter);
        }
    }

    private static Measured increment(Counter counter, int times) {
        long last = 0;
        long begin = System.nanoTime();
        for (int i = 0; i < times; i++) {
            last = counter.increment();
        }
        return new Measured(System.nanoTime() - begin, last);
    }

    private static long sum(SharedMap<Integer, Integer> map) {
        return map.values().stream().mapToLong(value -> value).sum();
    }
}
