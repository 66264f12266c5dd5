// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.shared.SharedMap;
import io.multijvm.shared.SharedQueue;
import java.util.Arrays;

/**
 * A program whose queue takes all the shared memory there is, and that goes on then. Prints a line for each thing that it has
 * seen.
 */
public final class CrampedManager {
    private static final int BYTES = 64 << 10;
    private static final int TOO_MANY = 100_000;
    private static final int CALLS = 5_000;

    private CrampedManager() {}

    public static void main(String[] args) throws InterruptedException {
        try (Manager manager = Manager.start();
                Pool pool = Pool.processes(1)) {
            SharedQueue<byte[]> queue = manager.queue();
            int put = fill(queue);
            try {
                manager.pipe().close();
                System.out.println("a pipe was made where there is no room");
            } catch (RuntimeException e) {
                System.out.println("pipe: " + e);
            }
            SharedMap<String, Long> counts = manager.map();
            pool.submit(() -> count(counts)).join();
            System.out.println("calls by a worker: " + counts.get("calls"));

            for (int i = 0; i < put; i++) {
                if (!Arrays.equals(queue.take(), element(i))) {
                    throw new IllegalStateException("element " + i + " is wrong");
                }
            }
            System.out.println("whole and in order: " + put + ", left " + queue.size());
            int again = fill(queue);
            System.out.println("as many again: " + (again >= put / 2));
            queue.clear();
            queue.close();
            manager.pipe().close();
            System.out.println("a pipe, when there is room again");
        }
        System.out.println("OK");
    }

    private static int fill(SharedQueue<byte[]> queue) throws InterruptedException {
        for (int i = 0; i < TOO_MANY; i++) {
            try {
                queue.put(element(i));
            } catch (IllegalStateException e) {
                System.out.println("put " + i + ": " + e.getMessage());
                return i;
            }
        }
        throw new IllegalStateException("there is too much room here");
    }

    private static byte[] element(int number) {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }

    private static void count(SharedMap<String, Long> counts) {
        for (int i = 0; i < CALLS; i++) {
            counts.merge("calls", 1L, Long::sum);
        }
    }
}
