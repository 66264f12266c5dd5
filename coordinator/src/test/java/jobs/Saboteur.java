// SPDX-License-Identifier: Apache-2.0
package jobs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Changes the files of the run that it is part of; each line names one. */
public final class Saboteur {
    private Saboteur() {}

    /** Leaves only the first bytes. */
    public static int cuts(String line) throws IOException {
        if (!line.isEmpty()) {
            try (RandomAccessFile file = new RandomAccessFile(line, "rw")) {
                file.setLength(1);
            }
        }
        return line.length();
    }

    /** Appends a line that would be an item. */
    public static String appends(String line) throws IOException {
        if (!line.isEmpty()) {
            Files.writeString(Path.of(line), "late\n", StandardOpenOption.APPEND);
        }
        return line;
    }

    /** Makes a jar look like one that was built again. */
    public static int touches(String line) throws IOException {
        if (!line.isEmpty()) {
            Files.write(Path.of(line), new byte[] {0}, StandardOpenOption.APPEND);
        }
        return line.length();
    }

    /** The same, and takes the worker with it. */
    public static int touchesAndHalts(String line) throws IOException {
        int length = touches(line);
        Runtime.getRuntime().halt(3);
        return length;
    }

    /** A result of some length, to fill a disk with. */
    public static String fills(long number) {
        return number + "x".repeat(1000);
    }
}
