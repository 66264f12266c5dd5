// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Pool;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * A coordinator to be killed at any moment: its items start processes, return much and crash, and there is no end of them.
 * Told {@code calm}, its pool has nothing to do; told {@code last}, it waits until what others have left is swept, and ends.
 */
public final class EventfulCoordinator {
    private static final long PAUSE_NANOS = 5_000_000;

    private EventfulCoordinator() {}

    public static void main(String[] args) {
        try (Pool pool = Pool.processes(2)) {
            switch (args[0]) {
                case "last" -> {
                    awaitSweep();
                    return;
                }
                case "calm" -> awaitNothing();
                default -> {}
            }
            while (true) {
                pool.outcomes(
                                EventfulCoordinator::item,
                                () -> IntStream.range(0, 100).iterator())
                        .forEach(outcome -> {});
            }
        }
    }

    private static byte[] item(int number) throws Exception {
        if (number % 10 == 0) {
            startProcesses();
        }
        // so that it crashes some times a second
        LockSupport.parkNanos(PAUSE_NANOS);
        if (number % 100 == 99) {
            Faults.die(Faults.Death.SEGMENTATION_FAULT);
        }
        return new byte[number % 7 == 0 ? 2 << 20 : 10];
    }

    private static void startProcesses() throws IOException {
        new ProcessBuilder("/bin/sh", "-c", "sleep 600 & (sleep 600 &); wait")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void awaitNothing() {
        CountDownLatch never = new CountDownLatch(1);
        try {
            never.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitSweep() {
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("multijvm-sweep"))) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
