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
    private static final int MOST_BYTES = 1024;

    /** A name has 15 characters, or 63 in the kernel, and the pid before it 10. */
    private static final int NAME_ENDS_BEFORE = 90;

    /** Places behind the name, which stands in brackets and may hold anything. */
    private static final int PARENT = 1;

    private static final int SESSION = 3;
    private static final int START = 19;

    /**
     * Null if it cannot be read; that alone does not say that there is no such process. Written for a JVM that has never
     * run it before and ends afterwards: no pattern, no joined strings, nothing parsed but what is asked for.
     */
    static @Nullable ProcStat of(long pid) {
        byte[] bytes = new byte[MOST_BYTES];
        try (FileInputStream file =
                new FileInputStream("/proc/".concat(Long.toString(pid)).concat("/stat"))) {
            int length = file.read(bytes);
            return length <= 0 ? null : parse(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return null;
        }
    }

    static @Nullable ProcStat parse(String text) {
        int at = text.lastIndexOf(')', NAME_ENDS_BEFORE) + 2;
        if (at < 2 || at >= text.length()) {
            return null;
        }
        char state = text.charAt(at);
        long parent = -1;
        long session = -1;
        for (int field = 1; field <= START; field++) {
            at = text.indexOf(' ', at) + 1;
            if (at == 0) {
                return null;
            }
            if (field == PARENT) {
                parent = number(text, at);
            } else if (field == SESSION) {
                session = number(text, at);
            }
        }
        return new ProcStat(state, parent, session, number(text, at));
    }

    private static long number(String text, int from) {
        long number = 0;
        for (int i = from; i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9'; i++) {
            number = 10 * number + (text.charAt(i) - '0');
        }
        return number;
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
