// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Where and when figures were measured; without it they say nothing.
 *
 * @param commit short name of the commit, with {@code -changed} if the sources differed from it; or {@code unknown}
 * @param loadBefore the system's mean of one minute when the run began: others' work, mostly
 * @param loadAfter the same at its end: ours, too
 */
record Conditions(
        String date,
        String commit,
        String command,
        int cores,
        String processor,
        String kernel,
        String jdk,
        String python,
        String loadBefore,
        String loadAfter) {
    private static final long GIT_SECONDS = 10;

    static Conditions now(Path home, String command, String python, Clock clock) {
        return new Conditions(
                Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString(),
                commitOf(home),
                command,
                Runtime.getRuntime().availableProcessors(),
                processorName(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                python,
                load(),
                "");
    }

    Conditions atTheEnd() {
        return new Conditions(date, commit, command, cores, processor, kernel, jdk, python, loadBefore, load());
    }

    /** What names a file of results. */
    String fileName() {
        return date.substring(0, "2026-01-31T12:34".length()).replace(":", "") + "-" + commit;
    }

    private static String load() {
        double mean = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return mean < 0 ? "unknown" : String.format(Locale.ROOT, "%.2f", mean);
    }

    private static String processorName() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static String commitOf(Path home) {
        String name = git(home, "rev-parse", "--short", "HEAD");
        if (name.isEmpty()) {
            return "unknown";
        }
        // earlier results are no sources
        String changes = git(home, "status", "--porcelain", "--", ":/", ":(exclude)results");
        return changes.isEmpty() ? name : name + "-changed";
    }

    /** What git says; empty if there is no git, or no repository. */
    private static String git(Path directory, String... words) {
        List<String> command = Stream.concat(Stream.of("git"), Stream.of(words)).toList();
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            boolean good = process.waitFor(GIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
            return good ? text : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
