// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.internal.death.LifeSigns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a process gets on, from {@code /proc}; where that does not exist nothing is known. See proc(5), {@code stat}. */
public final class LifeReadings {
    /** Fields of {@code stat} behind the name: the state is the first of them. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;

    private final Path proc;

    LifeReadings(Path proc) {
        this.proc = proc;
    }

    /** The real ones. */
    public static LifeReadings ofThisMachine() {
        return new LifeReadings(Path.of("/proc"));
    }

    /** Empty where the system does not tell, or the process is gone. Reads a file for each of its threads. */
    public Optional<LifeSigns> of(long pid) {
        Path process = proc.resolve(Long.toString(pid));
        String[] whole = stat(process);
        if (whole == null) {
            return Optional.empty();
        }
        boolean runs = false;
        boolean disk = false;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path thread : threads) {
                char state = state(stat(thread));
                runs |= state == 'R';
                disk |= state == 'D';
            }
        } catch (IOException | DirectoryIteratorException | SecurityException e) {
            return Optional.empty();
        }
        char state = state(whole);
        try {
            long ticks = Long.parseLong(whole[USER_TICKS]) + Long.parseLong(whole[SYSTEM_TICKS]);
            return Optional.of(new LifeSigns(state == 'T' || state == 't', runs, disk, ticks, dumped(process)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A JVM writes it while all its threads stand, so that for as long as it grows nothing else of the process does. */
    private static long dumped(Path process) {
        long length = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : open) {
                // JDK 22 and later write parts first, by names that begin with the dump's; not all that is open has a
                // name
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).toString().contains(HeapDump.ENDING)) {
                    length += Files.size(descriptor);
                }
            }
        } catch (IOException | DirectoryIteratorException | SecurityException e) {
            return length; // closed meanwhile, or not ours to see
        }
        return length;
    }

    private static char state(String @Nullable [] stat) {
        return stat == null ? 'X' : stat[0].charAt(0);
    }

    /** The fields behind the name, which is in brackets and may hold spaces and brackets itself; null if there are none. */
    private static String @Nullable [] stat(Path of) {
        try {
            String line = Files.readString(of.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = line.substring(line.lastIndexOf(')') + 1).trim().split(" ", -1);
            return fields.length > SYSTEM_TICKS && !fields[0].isEmpty() ? fields : null;
        } catch (IOException | SecurityException e) { // it is gone, or another system's
            return null;
        }
    }
}
