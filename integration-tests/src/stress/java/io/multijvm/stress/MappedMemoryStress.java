// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * Runs all of jcstress's tests, in JVMs that it starts, and looks at what they found: jcstress itself ends well when there was no
 * test at all, and when some did not run.
 */
class MappedMemoryStress {
    /** How many states jcstress has under way at a time, if it is told so. */
    static final int STATES_UNDER_WAY = 4096;

    private static final int STRIDE = 256;
    private static final Path DIRECTORY = Path.of(System.getProperty("multijvm.stress.directory", "target/stress"));
    private static final String OPTIONS = System.getProperty("multijvm.jcstress", "-m quick");
    private static final long LIMIT_MINUTES = Long.getLong("multijvm.jcstress.minutes", 10);

    @Test
    void whatTwoProcessesDoToMappedValuesArraysAndLocksIsOneOfWhatIsAllowed() throws Exception {
        emptied(DIRECTORY);
        long began = System.nanoTime();
        Path log = DIRECTORY.resolve("jcstress.log");
        int exitCode = run(log);
        List<TestResult> results = results();
        Set<String> seen = new TreeSet<>();
        List<String> wrong = new ArrayList<>();
        long states = 0;
        for (TestResult result : results) {
            seen.add(result.getName());
            states += result.getTotalCount();
            // a test that could not be run is not counted as failed by jcstress
            if (result.status() != Status.NORMAL || !result.grading().isPassed) {
                wrong.add(result.getName() + ": " + result.status() + " " + result.grading().failureMessages);
            }
        }
        System.out.printf(
                "jcstress: %d tests, %d results, %d wrong, %,d states, %d s%n",
                seen.size(), results.size(), wrong.size(), states, (System.nanoTime() - began) / 1_000_000_000);
        assertThat(wrong).as("what must not be; all of it is in %s", log).isEmpty();
        assertThat(exitCode).as("exit code; why is in %s", log).isZero();
        assertThat(seen).as("tests that ran").isEqualTo(new TreeSet<>(TestList.tests()));
    }

    /** Its results lie where it was started. */
    private static int run(Path log) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                absolute(System.getProperty("java.class.path")),
                "org.openjdk.jcstress.Main",
                "-r",
                "report"));
        command.addAll(List.of(OPTIONS.trim().split("\\s+")));
        // results apart from each other; jcstress cannot find out that it may where a class path has directories
        command.addAll(List.of("-jvmArgsPrepend", "-XX:-RestrictContended"));
        command.addAll(List.of("-strideSize", String.valueOf(STRIDE)));
        command.addAll(List.of("-strideCount", String.valueOf(STATES_UNDER_WAY / STRIDE)));
        Process jcstress = new ProcessBuilder(command)
                .directory(DIRECTORY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(jcstress.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES))
                    .as("jcstress ends within %d minutes; how far it came is in %s", LIMIT_MINUTES, log)
                    .isTrue();
            return jcstress.exitValue();
        } finally {
            jcstress.descendants().forEach(ProcessHandle::destroyForcibly);
            jcstress.destroyForcibly();
        }
    }

    private static String absolute(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .reduce((one, next) -> one + File.pathSeparator + next)
                .orElseThrow();
    }

    private static List<TestResult> results() throws IOException, ClassNotFoundException {
        InProcessCollector collected = new InProcessCollector();
        for (Path file : files(DIRECTORY)) {
            if (file.toString().endsWith(".bin.gz")) {
                DiskReadCollector reader = new DiskReadCollector(file.toString(), collected);
                reader.dump();
                reader.close();
            }
        }
        return List.copyOf(collected.getTestResults());
    }

    private static void emptied(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Path file : files(directory)) {
            if (!file.equals(directory)) {
                Files.delete(file);
            }
        }
    }

    /** Deepest first. */
    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
