// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.lineage;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What Linux tells everybody of a process.
 *
 * @param state one letter
 * @param parent pid of its parent
 * @param session pid of the process that began its session
 * @param startTicks when it was started, in ticks since the machine was
 */
record ProcStat(char state, long parent, long session, long startTicks) {
    static final Path PROC = Path.of("/proc");
    private static final int MOST_BYTES = 4096;

    /** Places behind the name, which stands in brackets and may hold anything. */
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int START = 19;

    /** Null if it cannot be read; that alone does not say that there is no such process. */
    static @Nullable ProcStat of(long pid) {
        try (FileInputStream file = new FileInputStream("/proc/" + pid + "/stat")) {
            return parse(new String(file.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return null;
        }
    }

    static @Nullable ProcStat parse(String text) {
        String[] fields =
                text.substring(text.lastIndexOf(')') + 1).strip().split(" ", START + 2);
        if (fields.length <= START || fields[STATE].isEmpty()) {
            return null;
        }
        try {
            return new ProcStat(
                    fields[STATE].charAt(0),
                    Long.parseLong(fields[PARENT]),
                    Long.parseLong(fields[SESSION]),
                    Long.parseLong(fields[START]));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Whether it has ended and merely waits to be reaped. */
    boolean ended() {
        return state == 'Z' || state == 'X';
    }

    /** Whether there is certainly no such process; not, if it may only be hidden, or we are out of descriptors. */
    static boolean isNoProcess(long pid) {
        return Files.isDirectory(PROC.resolve("self")) && Files.notExists(PROC.resolve(Long.toString(pid)));
    }
}
