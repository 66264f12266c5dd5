// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.lineage;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One process, as a name of a file can tell it: {@code PID-START-PLACE}. A pid alone is given again.
 *
 * @param pid its process id
 * @param start when it was started: on Linux in ticks since the machine was, elsewhere in milliseconds of the calendar
 * @param place where that pid means this process: a machine since its start, and on it a container. Letters and digits
 */
public record ProcessStamp(long pid, long start, String place) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})-([0-9a-z]{1,16})");

    /** Where there is no {@code /proc} and no container. */
    private static final String SYSTEM_WITHOUT_PROC = "0";

    /** Where we are is not told, so that nobody can be said to be gone from there. */
    private static final String UNKNOWN = "unknown";

    private static final ProcessStamp OURS = ofThisJvm();

    public ProcessStamp {
        if (pid < 0 || start < 0 || !place.matches("[0-9a-z]{1,16}")) {
            throw new IllegalArgumentException("pid " + pid + ", start " + start + ", place '" + place + "'");
        }
    }

    /** This JVM's. */
    public static ProcessStamp ofThisProcess() {
        return OURS;
    }

    /** What {@link #toString} wrote; empty for any other text. */
    public static Optional<ProcessStamp> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new ProcessStamp(
                        Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), matcher.group(3)))
                : Optional.empty();
    }

    /** Whether its pid means the same process here; not on another machine, in another container, or where that is not told. */
    public boolean isOfThisPlace() {
        return place.equals(OURS.place) && !place.equals(UNKNOWN);
    }

    /**
     * Whether this process has certainly ended. Never true of one on another machine, in another container or before the
     * machine was started last: there its pid means nothing to us.
     */
    public boolean isGone() {
        if (!isOfThisPlace()) {
            return false;
        }
        return place.equals(SYSTEM_WITHOUT_PROC) ? isGoneByHandle() : isGoneByProc();
    }

    private boolean isGoneByProc() {
        ProcStat stat = ProcStat.of(pid);
        if (stat == null) {
            return ProcStat.isNoProcess(pid);
        }
        return stat.startTicks() != start || (stat.ended() && !hasThreads());
    }

    /** A process whose first thread has ended looks dead while others still run. */
    private boolean hasThreads() {
        String[] threads = new File("/proc/" + pid + "/task").list();
        return threads != null && threads.length > 1;
    }

    private boolean isGoneByHandle() {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isEmpty()) {
            return true;
        }
        Optional<Instant> started = process.get().info().startInstant();
        return started.isPresent() && started.get().toEpochMilli() != start;
    }

    @Override
    public String toString() {
        return pid + "-" + start + "-" + place;
    }

    private static ProcessStamp ofThisJvm() {
        ProcessHandle self = ProcessHandle.current();
        ProcStat stat = ProcStat.of(self.pid());
        if (stat != null) {
            String place = placeByProc();
            return new ProcessStamp(self.pid(), stat.startTicks(), place == null ? UNKNOWN : place);
        }
        long start = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        boolean linux = System.getProperty("os.name", "").startsWith("Linux");
        return new ProcessStamp(self.pid(), Math.max(0, start), linux ? UNKNOWN : SYSTEM_WITHOUT_PROC);
    }

    private static @Nullable String placeByProc() {
        try {
            String boot = Files.readString(ProcStat.PROC.resolve("sys/kernel/random/boot_id"))
                    .strip();
            Path pids = Files.readSymbolicLink(ProcStat.PROC.resolve("self/ns/pid"));
            long both = (boot + " " + pids).hashCode() & 0xffff_ffffL;
            return Long.toString(both, Character.MAX_RADIX);
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }
}
