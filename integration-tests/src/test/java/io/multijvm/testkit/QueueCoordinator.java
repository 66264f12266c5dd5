// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.shared.SharedQueue;
import java.util.zip.CRC32;

/** Passes so many mebibytes, the first argument, from one worker to another, through a queue with a bound. */
public final class QueueCoordinator {
    private static final int BOUND = 4;
    private static final int MEBIBYTE = 1 << 20;

    private QueueCoordinator() {}

    public static void main(String[] args) throws Exception {
        int items = Integer.parseInt(args[0]);
        String heap = args[1];
        try (Manager manager = Manager.start();
                Pool pool = Pool.processes(o -> o.workers(2).heap(heap))) {
            SharedQueue<byte[]> queue = manager.queue(BOUND);
            long begin = System.nanoTime();
            TaskFuture<Long> consumer = pool.submit(() -> sum(queue));
            TaskFuture<Long> producer = pool.submit(() -> produce(queue, items));
            long sent = producer.get();
            queue.shutdown();
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (consumer.get() != sent) {
                throw new AssertionError("sent " + sent + ", taken " + consumer.get());
            }
            System.out.printf(
                    "queue: %,d MiB through a bound of %d MiB in %.1f s, heaps of %s and -Xmx%d m%n",
                    items, BOUND, seconds, heap, Runtime.getRuntime().maxMemory() >> 20);
        }
        System.out.println("OK");
    }

    private static long produce(SharedQueue<byte[]> queue, int items) throws InterruptedException {
        long sum = 0;
        byte[] item = new byte[MEBIBYTE];
        for (int i = 0; i < items; i++) {
            item[i % MEBIBYTE]++;
            sum += crc(item);
            queue.put(item);
        }
        return sum;
    }

    private static long sum(SharedQueue<byte[]> queue) throws InterruptedException {
        long[] sum = {0};
        queue.takeEach(item -> sum[0] += crc(item));
        return sum[0];
    }

    private static long crc(byte[] item) {
        CRC32 crc = new CRC32();
        crc.update(item);
        return crc.getValue();
    }
}
