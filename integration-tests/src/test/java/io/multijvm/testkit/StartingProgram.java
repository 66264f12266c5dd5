// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.WorkerProcess;
import io.multijvm.task.SerializableRunnable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A program with a process, a daemon, a process in that, and perhaps one that is kept ready; it ends in the way that it is
 * told.
 */
public final class StartingProgram {
    private StartingProgram() {}

    public static void main(String[] args) throws IOException {
        String how = args[0];
        String files = args[1];
        WorkerProcess.builder(works(files)).name("working").start();
        WorkerProcess.builder(() -> {
                    WorkerProcess inner = WorkerProcess.start(waits(files, "inner"));
                    Signs.await(Path.of(files, "inner"));
                    waits(files, "daemon").runOrThrow();
                    inner.join();
                })
                .name("daemon")
                .daemon(true)
                .start();
        Signs.await(Path.of(files, "working"));
        Signs.await(Path.of(files, "daemon"));
        switch (how) {
            case "return" -> Signs.give(Path.of(files, "main-returned"));
            case "exit" -> System.exit(3);
            case "wait" -> {
                WorkerProcess.standby(1);
                while (WorkerProcess.standbysReady() < 1) {
                    Thread.onSpinWait();
                }
                long standby = ProcessHandle.current()
                        .children()
                        .map(ProcessHandle::pid)
                        .filter(pid -> WorkerProcess.activeChildren().stream().noneMatch(child -> child.pid() == pid))
                        .findFirst()
                        .orElseThrow();
                Signs.give(Path.of(files, "standby"), standby);
                forEver();
            }
            default -> throw new IllegalArgumentException(how);
        }
    }

    /** Ends by itself once somebody says so. */
    private static SerializableRunnable works(String files) {
        return () -> {
            Signs.give(Path.of(files, "working"), ProcessHandle.current().pid());
            System.out.println("said on stdout");
            System.err.println("said on stderr");
            Signs.await(Path.of(files, "go"));
            Files.createFile(Path.of(files, "worked"));
        };
    }

    /** Never ends by itself; its shutdown hook leaves a file. */
    private static SerializableRunnable waits(String files, String name) {
        return () -> {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    Signs.give(Path.of(files, name + "-hook"));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
            Signs.give(Path.of(files, name), ProcessHandle.current().pid());
            forEver();
        };
    }

    private static void forEver() {
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
