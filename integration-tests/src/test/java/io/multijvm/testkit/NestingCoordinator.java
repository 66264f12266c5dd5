// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A coordinator to be killed: its worker has a pool of its own, and all of them write down their pids and wait. */
public final class NestingCoordinator {
    private NestingCoordinator() {}

    public static void main(String[] args) {
        run(args[0]);
    }

    /** Never comes back. */
    public static void run(String directory) {
        Pool pool = Pool.processes(1);
        pool.apply(() -> outer(directory));
    }

    /** A task that makes a pool of two, whose workers wait for ever. */
    public static void outer(String directory) throws IOException {
        Files.createFile(Path.of(directory, "outer-" + ProcessHandle.current().pid()));
        try (Pool inner = Pool.processes(2)) {
            inner.map(
                    x -> {
                        Files.createFile(Path.of(
                                directory, "inner-" + ProcessHandle.current().pid()));
                        new CountDownLatch(1).await();
                        return x;
                    },
                    List.of(1, 2));
        }
    }
}
