// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Memory of the machine and the limits of the control groups around this process, from {@code /proc} and {@code /sys};
 * where these do not exist, from the JVM. Every parent group counts, for the tightest limit may lie above our own.
 */
public final class MemoryReadings {
    /** Version 1 says "no limit" with a number just below 2^63. */
    private static final long NO_LIMIT = 1L << 60;

    private final Path proc;
    private final Path cgroups;

    MemoryReadings(Path proc, Path cgroups) {
        this.proc = proc;
        this.cgroups = cgroups;
    }

    /** The real ones. */
    public static MemoryReadings ofThisMachine() {
        return new MemoryReadings(Path.of("/proc"), Path.of("/sys/fs/cgroup"));
    }

    /** RAM, or the tightest limit. */
    public long totalBytes() {
        long total = meminfo("MemTotal").orElseGet(() -> system().getTotalMemorySize());
        for (Group group : groups()) {
            total = Math.min(total, group.limit());
        }
        return total;
    }

    /** What may still be taken, from the system and below every limit. */
    public long availableBytes() {
        long available = meminfo("MemAvailable").orElseGet(() -> system().getFreeMemorySize());
        for (Group group : groups()) {
            available = Math.min(available, Math.max(0, group.limit() - group.used()));
        }
        return available;
    }

    /** Whether {@link #residentBytes} has an answer on this system. */
    public static boolean tellsResidentMemory() {
        return ofThisMachine().residentBytes(ProcessHandle.current().pid()).isPresent();
    }

    /**
     * Memory of one process in bytes; 0 where it is not known.
     *
     * @param now resident when it was looked at
     * @param peak the most that was resident until then
     */
    public record Resident(long now, long peak) {
        public static final Resident UNKNOWN = new Resident(0, 0);
    }

    /** A process's resident memory and its peak; unknown where the system does not tell, or the process is gone. */
    public Resident resident(long pid) {
        List<String> status = lines(proc.resolve(Long.toString(pid)).resolve("status"));
        long now = kibibytes(status, "VmRSS").orElse(0);
        return now == 0
                ? Resident.UNKNOWN
                : new Resident(now, Math.max(now, kibibytes(status, "VmHWM").orElse(0)));
    }

    /** What of a process's memory is resident now; empty where the system does not tell, or the process is gone. */
    public OptionalLong residentBytes(long pid) {
        // by hand, for it is read often: twenty times a second for each worker that has a limit
        String status;
        try {
            status = Files.readString(proc.resolve(Long.toString(pid)).resolve("status"), StandardCharsets.ISO_8859_1);
        } catch (IOException | SecurityException e) {
            return OptionalLong.empty();
        }
        int at = status.indexOf("\nVmRSS:");
        if (at < 0) { // a zombie has none any more
            return OptionalLong.empty();
        }
        long kibibytes = 0;
        for (at += "\nVmRSS:".length(); at < status.length() && status.charAt(at) != '\n'; at++) {
            char c = status.charAt(at);
            if (c >= '0' && c <= '9') {
                kibibytes = kibibytes * 10 + (c - '0');
            }
        }
        return OptionalLong.of(kibibytes << 10);
    }

    private static com.sun.management.OperatingSystemMXBean system() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    }

    private OptionalLong meminfo(String key) {
        return kibibytes(proc.resolve("meminfo"), key);
    }

    /** Kills for lack of memory. */
    record OomCount(long kills, boolean inGroup) {}

    /**
     * How often the kernel has killed a process for lack of memory: in our own control group, where workers are as well, or
     * on the whole machine where the group does not tell. Empty where neither does.
     */
    Optional<OomCount> oomKills() {
        for (Home home : homes()) {
            OptionalLong kills = counter(home.directory.resolve(home.second ? "memory.events" : "memory.oom_control"));
            if (kills.isPresent()) {
                return Optional.of(new OomCount(kills.getAsLong(), true));
            }
        }
        OptionalLong kills = counter(proc.resolve("vmstat"));
        return kills.isPresent() ? Optional.of(new OomCount(kills.getAsLong(), false)) : Optional.empty();
    }

    private static OptionalLong counter(Path file) {
        return lines(file).stream()
                .filter(line -> line.startsWith("oom_kill "))
                .map(line -> number(List.of(line.substring("oom_kill ".length()))))
                .flatMapToLong(OptionalLong::stream)
                .findFirst();
    }

    private static OptionalLong kibibytes(Path file, String key) {
        return kibibytes(lines(file), key);
    }

    private static OptionalLong kibibytes(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .filter(digits -> !digits.isEmpty() && digits.length() < 16)
                .mapToLong(digits -> Long.parseLong(digits) << 10)
                .findFirst();
    }

    /** A group with a limit. */
    private record Group(long limit, long used) {}

    /** A group around this process, by one of the two versions' files. */
    private record Home(Path directory, boolean second) {}

    /** Of each version our own group first, then those around it. */
    private List<Home> homes() {
        List<Home> found = new ArrayList<>();
        for (String line : lines(proc.resolve("self/cgroup"))) {
            String[] parts = line.split(":", 3);
            if (parts.length < 3) {
                continue;
            }
            if (parts[0].equals("0") && parts[1].isEmpty()) {
                climb(cgroups, parts[2], true, found);
            } else if (List.of(parts[1].split(",")).contains("memory")) {
                climb(cgroups.resolve("memory"), parts[2], false, found);
            }
        }
        return found;
    }

    /** From our own group up to the root; inside a container the path may not exist, and the root is our group. */
    private static void climb(Path root, String own, boolean second, List<Home> found) {
        Path directory;
        try {
            directory = root.resolve(own.replaceFirst("^/+", "")).normalize();
        } catch (InvalidPathException e) {
            directory = root;
        }
        for (Path at = directory.startsWith(root) ? directory : root;
                at != null && at.startsWith(root);
                at = at.getParent()) {
            found.add(new Home(at, second));
        }
    }

    private List<Group> groups() {
        List<Group> found = new ArrayList<>();
        for (Home home : homes()) {
            Path at = home.directory;
            long limit = number(lines(at.resolve(home.second ? "memory.max" : "memory.limit_in_bytes")))
                    .orElse(Long.MAX_VALUE);
            if (limit > 0 && limit < NO_LIMIT) {
                long used = number(lines(at.resolve(home.second ? "memory.current" : "memory.usage_in_bytes")))
                        .orElse(0);
                long cache = cache(at, home.second ? "inactive_file" : "total_inactive_file");
                found.add(new Group(limit, Math.max(0, used - cache)));
            }
        }
        return found;
    }

    private static long cache(Path directory, String key) {
        return lines(directory.resolve("memory.stat")).stream()
                .filter(line -> line.startsWith(key + " "))
                .map(line -> number(List.of(line.substring(key.length() + 1))))
                .flatMapToLong(OptionalLong::stream)
                .findFirst()
                .orElse(0);
    }

    private static OptionalLong number(List<String> lines) {
        try {
            return lines.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(lines.get(0).trim()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty(); // "max", or more than fits
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
