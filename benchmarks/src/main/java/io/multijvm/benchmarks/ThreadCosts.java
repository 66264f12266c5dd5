// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each thread of this JVM and of its workers did between two moments, as the kernel counted it: how long it was on a
 * core, how long it was ready and waited for one, and how often it gave its core up to wait for something. Linux only.
 */
final class ThreadCosts {
    private static final Path PROC = Path.of("/proc");

    /** A thread's counters. */
    record Counters(String process, String thread, long onCore, long waiting, long gaveUp) {
        Counters minus(Counters before) {
            return new Counters(
                    process, thread, onCore - before.onCore, waiting - before.waiting, gaveUp - before.gaveUp);
        }
    }

    private final Map<String, Counters> before;

    private ThreadCosts(Map<String, Counters> before) {
        this.before = before;
    }

    /** From now on. */
    static ThreadCosts begin() throws BenchmarkException {
        return new ThreadCosts(now());
    }

    /** Until now, for each of so many calls; those that cost most first, what costs next to nothing left out. */
    String table(String what, int calls, long nanos) throws BenchmarkException {
        List<Counters> costs = new ArrayList<>();
        now().forEach((id, after) -> {
            Counters earlier = before.get(id);
            costs.add(earlier == null ? after : after.minus(earlier));
        });
        costs.sort(Comparator.comparingLong(Counters::onCore).reversed());
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%n%s: %,d calls, %.1f µs each%n%n| process | thread | on a core, µs | ready, waiting for a core, µs | gave up its core |%n"
                        + "|---|---|---|---|---|%n",
                what,
                calls,
                nanos / 1e3 / calls));
        for (Counters cost : costs) {
            if (cost.onCore > 100L * calls) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %.1f | %.1f | %.2f |%n",
                        cost.process,
                        cost.thread,
                        cost.onCore / 1e3 / calls,
                        cost.waiting / 1e3 / calls,
                        (double) cost.gaveUp / calls));
            }
        }
        return text.toString();
    }

    private static Map<String, Counters> now() throws BenchmarkException {
        Map<String, Counters> all = new TreeMap<>();
        ProcessHandle self = ProcessHandle.current();
        read("caller's JVM", self.pid(), all);
        self.children()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .forEach(child -> read("worker", child.pid(), all));
        if (all.isEmpty()) {
            throw new BenchmarkException("the threads' costs are read from /proc, which this system does not have");
        }
        return all;
    }

    private static void read(String process, long pid, Map<String, Counters> into) {
        Path tasks = PROC.resolve(Long.toString(pid)).resolve("task");
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                readThread(process, thread, into);
            }
        } catch (IOException e) {
            return; // the process has just ended
        }
    }

    private static void readThread(String process, Path thread, Map<String, Counters> into) {
        try {
            String[] times =
                    Files.readString(thread.resolve("schedstat")).trim().split(" ", -1);
            long gaveUp = Files.readAllLines(thread.resolve("status")).stream()
                    .filter(line -> line.startsWith("voluntary_ctxt_switches"))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(line.indexOf(':') + 1).trim()))
                    .findFirst()
                    .orElse(0);
            into.put(
                    thread.toString(),
                    new Counters(
                            process,
                            Files.readString(thread.resolve("comm")).trim(),
                            Long.parseLong(times[0]),
                            Long.parseLong(times[1]),
                            gaveUp));
        } catch (IOException e) {
            return; // the thread has just ended
        }
    }
}
