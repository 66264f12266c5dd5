// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedList;
import java.util.stream.Stream;

/** Has a list of so many mebibytes, the first argument, and a worker that reads all of it by the pipe that its calls go through. */
public final class CallingCoordinator {
    private static final int MEBIBYTE = 1 << 20;

    private CallingCoordinator() {}

    public static void main(String[] args) throws Exception {
        int items = Integer.parseInt(args[0]);
        String heap = args[1];
        try (Manager manager = Manager.start();
                Pool pool = Pool.processes(o -> o.workers(1).heap(heap))) {
            SharedList<byte[]> list = manager.list();
            SharedEvent served = manager.event();
            for (int i = 0; i < items; i++) {
                list.add(new byte[MEBIBYTE]);
            }
            TaskFuture<Long> reader = pool.submit(() -> {
                while (!served.isSet()) {
                    int unused = list.size();
                }
                return Stream.of(list.toArray())
                        .mapToLong(item -> ((byte[]) item).length)
                        .sum();
            });
            while (!isServed()) {
                Thread.onSpinWait();
            }
            served.set();
            if (reader.get() != (long) items * MEBIBYTE) {
                throw new AssertionError("read " + reader.get());
            }
            System.out.printf(
                    "list: %,d MiB read at once, heaps of %s and -Xmx%d m%n",
                    items, heap, Runtime.getRuntime().maxMemory() >> 20);
        }
        System.out.println("OK");
    }

    /** Whether a thread here does what has come by a pipe. */
    private static boolean isServed() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Stream::of)
                .anyMatch(frame -> frame.getClassName().equals("io.multijvm.internal.shared.PipedCaller")
                        && frame.getMethodName().equals("answer"));
    }
}
