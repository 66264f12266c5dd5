// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Output;
import io.multijvm.Pool;
import io.multijvm.worker.TrainingTasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A coordinator whose classes come from jars, and what its workers say with and without an archive of them. */
public final class ArchivingCoordinator {
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    private ArchivingCoordinator() {}

    /** Arguments: the workers' Java home, the directory of archives, and an archive to be put in place of the one made. */
    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[0]);
        Path archives = Path.of(args[1]);
        List<Path> before = archives(archives);
        Path made = make(home, archives, before);
        System.out.println("with " + word(home, archives.resolve("load.log")));
        if (args.length > 2) {
            Files.delete(made);
            Files.copy(Path.of(args[2]), made);
            System.out.println("foreign " + word(home, archives.resolve("foreign.log")));
            Files.delete(made);
            Files.write(made, new byte[1 << 20]);
            System.out.println("broken " + word(home, archives.resolve("broken.log")));
        }
    }

    /** The first pool works without an archive, and has one made meanwhile. */
    private static Path make(Path home, Path archives, List<Path> before) throws Exception {
        try (Pool pool = Pool.processes(
                options -> options.workers(1).javaHome(home).heap("128m").output(Output.INHERIT))) {
            System.out.println("without " + pool.apply(ArchivingCoordinator::spoken));
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (System.nanoTime() < end) {
                Optional<Path> made = archives(archives).stream()
                        .filter(file -> !before.contains(file))
                        .findFirst();
                if (made.isPresent()) {
                    return made.get();
                }
                Thread.sleep(20);
            }
            throw new IllegalStateException("no archive was made");
        }
    }

    private static List<Path> archives(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jsa")).toList();
        }
    }

    private static String word(Path home, Path log) {
        try (Pool pool = Pool.processes(options -> options.workers(1)
                .javaHome(home)
                .heap("128m")
                .output(Output.INHERIT)
                .jvmArgs("-Xlog:class+load:file=" + log))) {
            return pool.apply(ArchivingCoordinator::spoken);
        }
    }

    /** What the code of our own jar says, in a worker. */
    private static String spoken() throws Exception {
        try {
            return String.valueOf(TrainingTasks.failing().applyOrThrow(1));
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
