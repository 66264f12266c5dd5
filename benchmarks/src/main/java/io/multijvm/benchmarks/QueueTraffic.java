// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.shared.SharedBarrier;
import io.multijvm.shared.SharedQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;

/** What goes through queues, and how long it takes. */
final class QueueTraffic {
    /** As in the Python program. */
    private static final int LARGE_BYTES = 1 << 20;

    private static final int BOUND_OF_LARGE = 8;

    private QueueTraffic() {}

    /** From when the producer is ready to when this process has taken all. */
    static Measured toParent(Pool two, Manager manager, int items) {
        try (SharedQueue<Integer> queue = manager.queue();
                SharedBarrier ready = manager.barrier(2)) {
            TaskFuture<Integer> producer = two.submit(() -> put(queue, ready, items));
            return measured(ready, List.of(producer), () -> take(queue, items));
        }
    }

    static Measured largeToParent(Pool two, Manager manager, int items) {
        try (SharedQueue<byte[]> queue = manager.queue(BOUND_OF_LARGE);
                SharedBarrier ready = manager.barrier(2)) {
            TaskFuture<Integer> producer = two.submit(() -> putLarge(queue, ready, items));
            return measured(ready, List.of(producer), () -> takeLarge(queue, items));
        }
    }

    /** Two processes put, two take; from when all four are ready to when all is taken. */
    static Measured byFour(Pool four, Manager manager, int items) {
        int half = items / 2;
        try (SharedQueue<Integer> queue = manager.queue();
                SharedQueue<Long> done = manager.queue();
                SharedBarrier ready = manager.barrier(5)) {
            List<TaskFuture<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                all.add(four.submit(() -> put(queue, ready, half)));
                all.add(four.submit(() -> {
                    ready.await();
                    done.put(take(queue, half));
                    return half;
                }));
            }
            return measured(ready, all, () -> done.take() + done.take());
        }
    }

    private interface Work {
        long run() throws Exception;
    }

    private static Measured measured(SharedBarrier ready, List<TaskFuture<Integer>> others, Work work) {
        try {
            ready.await();
            long begin = System.nanoTime();
            long taken = work.run();
            long nanos = System.nanoTime() - begin;
            others.forEach(TaskFuture::join);
            return new Measured(nanos, taken);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (Exception e) {
            throw new IllegalStateException("a process has died", e);
        }
    }

    private static int put(SharedQueue<Integer> queue, SharedBarrier ready, int items)
            throws InterruptedException, BrokenBarrierException {
        ready.await();
        for (int i = 0; i < items; i++) {
            queue.put(i);
        }
        return items;
    }

    private static long take(SharedQueue<Integer> queue, int items) throws InterruptedException {
        long taken = 0;
        for (int i = 0; i < items; i++) {
            taken += queue.take() >= 0 ? 1 : 0;
        }
        return taken;
    }

    private static int putLarge(SharedQueue<byte[]> queue, SharedBarrier ready, int items)
            throws InterruptedException, BrokenBarrierException {
        byte[] large = new byte[LARGE_BYTES];
        ready.await();
        for (int i = 0; i < items; i++) {
            queue.put(large);
        }
        return items;
    }

    private static long takeLarge(SharedQueue<byte[]> queue, int items) throws InterruptedException {
        long taken = 0;
        for (int i = 0; i < items; i++) {
            taken += queue.take().length / LARGE_BYTES;
        }
        return taken;
    }
}
