// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Pool;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.zip.Deflater;

/** A coordinator to be killed: its workers write down their pids and then never come back. */
public final class SpinningCoordinator {
    private SpinningCoordinator() {}

    /** Its workers have done their items, which have started processes; in all others they are at their items for ever. */
    public static final String IDLE_WITH_CHILDREN = "wait for work, with children";

    /** Keeps the compiler from seeing that nobody wants the sums. */
    static volatile int sink;

    public static void main(String[] args) {
        String how = args[0];
        String directory = args[1];
        Pool pool = Pool.processes(2);
        pool.map(
                worker -> {
                    spin(how, directory);
                    return worker;
                },
                List.of(1, 2));
        if (how.equals(IDLE_WITH_CHILDREN)) {
            awaitNothing();
        }
        // where the items end, it is the workers that do not
        pool.close();
    }

    private static void spin(String how, String directory) throws IOException {
        warmUp();
        Path pid = Path.of(directory, "pid-" + ProcessHandle.current().pid());
        switch (how) {
            case "counted loop" -> {
                Files.createFile(pid);
                while (true) {
                    sink = count(Integer.MAX_VALUE);
                }
            }
            case "native loop" -> {
                byte[] noise = new byte[64 << 20];
                new Random(1).nextBytes(noise);
                byte[] out = new byte[80 << 20];
                Files.createFile(pid);
                while (true) {
                    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
                    deflater.setInput(noise);
                    deflater.finish();
                    sink = deflater.deflate(out);
                    deflater.end();
                }
            }
            case "native wait" -> {
                Files.createFile(pid);
                try (FileInputStream pipe =
                        new FileInputStream(Path.of(directory, "pipe").toFile())) {
                    sink = pipe.read();
                }
            }
            case "counted loop, with children" -> {
                startFamily(Path.of(directory));
                Files.createFile(pid);
                while (true) {
                    sink = count(Integer.MAX_VALUE);
                }
            }
            case IDLE_WITH_CHILDREN -> {
                startFamily(Path.of(directory));
                awaitOther(pid);
                Files.createFile(pid);
            }
            case "shutdown hook" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    try {
                        Files.createFile(pid);
                        new CountDownLatch(1).await();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
                awaitOther(pid);
            }
            default -> throw new IllegalArgumentException(how);
        }
    }

    /** So that the other item is the other worker's. */
    private static void awaitOther(Path pid) throws IOException {
        Files.createFile(pid.resolveSibling("here-" + ProcessHandle.current().pid()));
        while (present(Objects.requireNonNull(pid.getParent())) < 2) {
            Thread.onSpinWait();
        }
    }

    /** A child that has a child of its own, and one that is nobody's child any more. */
    private static void startFamily(Path directory) throws IOException {
        String script = "sleep 600 & echo $!; (sleep 600 & echo $!); wait";
        Process child = new ProcessBuilder("/bin/sh", "-c", script).start();
        BufferedReader lines = child.inputReader();
        Files.createFile(directory.resolve("pid-" + child.pid()));
        for (int i = 0; i < 2; i++) {
            Files.createFile(directory.resolve("pid-" + lines.readLine()));
        }
    }

    private static void awaitNothing() {
        CountDownLatch never = new CountDownLatch(1);
        try {
            never.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int present(Path directory) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "here-*")) {
            for (Path unused : files) {
                count++;
            }
        }
        return count;
    }

    /** Has the compiler take the counted loop for its own before it is entered for good. */
    private static void warmUp() {
        for (int i = 0; i < 20_000; i++) {
            sink = count(1_000);
        }
    }

    private static int count(int to) {
        int sum = 0;
        for (int i = 0; i < to; i++) {
            sum = 31 * sum + i;
        }
        return sum;
    }
}
