// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Linux tells of processes in {@code /proc}; empty elsewhere. */
final class ProcReadings {
    private static final Path PROC = Path.of("/proc");
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+([0-9]+) kB$");

    /** The kernel's clock as it shows it to programs, whatever it uses itself. */
    private static final double TICKS_A_SECOND = 100;

    /** Fields behind the program's name, which may hold blanks: state is the first, the two of dead children these. */
    private static final int CHILDREN_USER = 13;

    private static final int CHILDREN_SYSTEM = 14;

    private ProcReadings() {}

    /**
     * Processor time of all children of this process that have ended and were waited for, and of theirs. What a child used
     * is the difference of two readings: exact, where asking it at its end would leave out the end itself, and whoever
     * died could not be asked.
     */
    static OptionalDouble cpuSecondsOfEndedChildren() {
        String stat = read(PROC.resolve("self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        return fields.length <= CHILDREN_SYSTEM
                ? OptionalDouble.empty()
                : OptionalDouble.of((Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM]))
                        / TICKS_A_SECOND);
    }

    /** Memory that a process has in RAM; pages that it shares with others count in full. */
    static OptionalLong residentBytes(long pid) {
        Matcher matcher = RESIDENT.matcher(read(PROC.resolve(Long.toString(pid)).resolve("status")));
        return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1)) << 10) : OptionalLong.empty();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // another system, or a process that has just ended
        }
    }
}
