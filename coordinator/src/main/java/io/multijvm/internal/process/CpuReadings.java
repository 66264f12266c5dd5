// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The cores that this process may use. The JVM counts affinity and, on most systems, the quota of its own control group,
 * once and for good; it misses quotas that are set on a group above, and those that are changed. So the groups are read, up
 * to the root. What cannot be read or makes no sense limits nothing.
 */
public final class CpuReadings {
    private final Path proc;
    private final Path cgroups;
    private final Path devices;

    CpuReadings(Path proc, Path cgroups, Path devices) {
        this.proc = proc;
        this.cgroups = cgroups;
        this.devices = devices;
    }

    /** The real ones. */
    public static CpuReadings ofThisMachine() {
        return new CpuReadings(Path.of("/proc"), Path.of("/sys/fs/cgroup"), Path.of("/sys/devices/system/cpu"));
    }

    /** Of {@code fromJvm} cores, as many as the tightest quota pays for, begun ones included; at least 1. */
    public int usable(int fromJvm) {
        double quota = Double.MAX_VALUE;
        for (String line : lines(proc.resolve("self/cgroup"))) {
            String[] parts = line.split(":", 3);
            if (parts.length < 3) {
                continue;
            }
            if (parts[0].equals("0") && parts[1].isEmpty()) {
                quota = Math.min(quota, tightest(cgroups, parts[2], true));
            } else if (List.of(parts[1].split(",")).contains("cpu")) {
                quota = Math.min(quota, tightest(cgroups.resolve("cpu"), parts[2], false));
            }
        }
        return (int) Math.max(1, Math.min(fromJvm, Math.ceil(quota)));
    }

    /**
     * Physical cores among those that this process may run on: threads of one core count once. Empty where the system does
     * not tell.
     */
    public OptionalInt physical() {
        Set<String> cores = new HashSet<>();
        for (int cpu : allowed()) {
            Path topology = devices.resolve("cpu" + cpu).resolve("topology");
            List<String> siblings = lines(topology.resolve("thread_siblings_list"));
            if (siblings.isEmpty()) {
                return OptionalInt.empty();
            }
            cores.add(siblings.get(0).trim());
        }
        return cores.isEmpty() ? OptionalInt.empty() : OptionalInt.of(cores.size());
    }

    /** The numbers in a line such as {@code Cpus_allowed_list: 0-3,8}. */
    private Set<Integer> allowed() {
        Set<Integer> cpus = new HashSet<>();
        for (String line : lines(proc.resolve("self/status"))) {
            if (line.startsWith("Cpus_allowed_list:")) {
                Stream.of(line.substring(line.indexOf(':') + 1).trim().split(","))
                        .forEach(range -> add(range, cpus));
            }
        }
        return cpus;
    }

    private static void add(String range, Set<Integer> cpus) {
        String[] ends = range.split("-", 2);
        try {
            int first = Integer.parseInt(ends[0].trim());
            int last = Integer.parseInt(ends[ends.length - 1].trim());
            for (int cpu = first; cpu <= last; cpu++) {
                cpus.add(cpu);
            }
        } catch (NumberFormatException e) {
            return; // not a range
        }
    }

    /** The least of the quotas from our own group up to the root; inside a container the root is our group. */
    private static double tightest(Path root, String own, boolean unified) {
        Path directory;
        try {
            directory = root.resolve(own.replaceFirst("^/+", "")).normalize();
        } catch (InvalidPathException e) {
            directory = root;
        }
        double quota = Double.MAX_VALUE;
        for (Path at = directory.startsWith(root) ? directory : root;
                at != null && at.startsWith(root);
                at = at.getParent()) {
            String[] words = unified
                    ? String.join(" ", lines(at.resolve("cpu.max"))).trim().split(" +")
                    : new String[] {
                        String.join("", lines(at.resolve("cpu.cfs_quota_us"))).trim(),
                        String.join("", lines(at.resolve("cpu.cfs_period_us"))).trim()
                    };
            quota = Math.min(quota, cores(words));
        }
        return quota;
    }

    /** Time a period; "max" and -1 say that there is no limit. */
    private static double cores(String[] words) {
        try {
            double quota = words.length == 2 ? Long.parseLong(words[0]) : -1;
            double period = words.length == 2 ? Long.parseLong(words[1]) : -1;
            return quota > 0 && period > 0 ? quota / period : Double.MAX_VALUE;
        } catch (NumberFormatException e) {
            return Double.MAX_VALUE;
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException | SecurityException e) {
            return List.of();
        }
    }
}
