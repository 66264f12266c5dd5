// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** After each test: no process, thread, file, socket or mapped segment of ours is left. */
public final class NothingLeft implements BeforeEachCallback, AfterEachCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public void beforeEach(ExtensionContext context) {
        awaitNothing("before the test");
    }

    @Override
    public void afterEach(ExtensionContext context) {
        awaitNothing("after the test");
    }

    static void awaitNothing(String when) {
        await(when)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(found())
                        .as("processes, threads, files, sockets and segments of ours " + when)
                        .isEmpty());
    }

    /** Everything of this JVM's that is there now. */
    private static Set<String> found() throws IOException {
        Set<String> found = new TreeSet<>();
        ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .forEach(child ->
                        found.add("process " + child.pid() + " " + child.info().command()));
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("multijvm-")) {
                found.add("thread " + thread.getName());
            }
        }
        String mine = "multijvm-" + ProcessHandle.current().pid() + "-";
        String myMemory = "multijvm-memory-" + ProcessHandle.current().pid() + "-";
        String myHub = "multijvm-hub-" + ProcessHandle.current().pid() + "-";
        for (Path directory : directories()) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "multijvm-*")) {
                for (Path file : files) {
                    String name = file.getFileName().toString();
                    if (name.startsWith(mine) || name.startsWith(myHub) || name.startsWith(myMemory)) {
                        found.add("file " + file);
                    }
                }
            }
        }
        found.addAll(descriptors());
        Path maps = Path.of("/proc/self/maps");
        if (Files.isReadable(maps)) {
            List<String> segments = Files.readAllLines(maps).stream()
                    .filter(line ->
                            line.contains("/multijvm-" + ProcessHandle.current().pid()))
                    .toList();
            segments.forEach(line -> found.add("segment " + line));
            if (!segments.isEmpty()) {
                // the words of shared objects are unmapped by the collector, when nobody can touch them any more
                System.gc();
            }
        }
        if (!found.isEmpty() && found.stream().allMatch(what -> what.startsWith("segment "))) {
            System.gc(); // memory of shared objects is unmapped by the collector alone
        }
        return found;
    }

    private static List<Path> directories() {
        List<Path> directories = new ArrayList<>();
        directories.add(Path.of(System.getProperty("java.io.tmpdir")));
        for (String candidate : new String[] {"/dev/shm", System.getenv("XDG_RUNTIME_DIR"), "/tmp"}) {
            if (candidate != null && Files.isDirectory(Path.of(candidate))) {
                directories.add(Path.of(candidate));
            }
        }
        return directories;
    }

    private static Set<String> descriptors() throws IOException {
        Set<String> open = new TreeSet<>();
        Path mine = Path.of("/proc/self/fd");
        if (!Files.isDirectory(mine)) {
            return open;
        }
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(mine)) {
            for (Path descriptor : descriptors) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    // with the pid, for the project's own jars have such names too
                    long pid = ProcessHandle.current().pid();
                    if (target.contains("/multijvm-" + pid + "-") || target.contains("/multijvm-hub-" + pid + "-")) {
                        open.add("descriptor " + target);
                    }
                } catch (IOException e) {
                    // closed since it was listed
                }
            }
        }
        return open;
    }
}
