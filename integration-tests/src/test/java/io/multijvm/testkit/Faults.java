// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;

/** Ways in which a task can end its JVM or keep it from ending, and a count of what was run that survives all of them. */
public final class Faults {
    private Faults() {}

    /** How a task ends its worker. */
    public enum Death {
        HALT,
        SEGMENTATION_FAULT,
        EXIT,
        KILL
    }

    /** Ends this JVM. */
    public static void die(Death how) throws ReflectiveOperationException, IOException, InterruptedException {
        switch (how) {
            case HALT -> Runtime.getRuntime().halt(9);
            case SEGMENTATION_FAULT -> segfault();
            case EXIT -> Runtime.getRuntime().exit(300);
            case KILL -> {
                new ProcessBuilder(
                                "kill",
                                "-9",
                                Long.toString(ProcessHandle.current().pid()))
                        .start()
                        .waitFor();
                Thread.currentThread().join();
            }
        }
    }

    private static void segfault() throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        type.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 0L, 0L);
    }

    /** Notes that an item is run: one line, appended whole, so that it outlives the process. */
    public static void count(Path file, int item) {
        try {
            Files.write(
                    file,
                    (item + "\n").getBytes(StandardCharsets.US_ASCII),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often each item was run. */
    public static Map<Integer, Integer> counts(Path file) throws IOException {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            counts.merge(Integer.valueOf(line), 1, Integer::sum);
        }
        return counts;
    }
}
