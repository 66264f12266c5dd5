// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.multijvm.internal.process.PrivateFiles;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a trial says of itself at its end.
 *
 * @param ok items with a value
 * @param failures items without, by kind
 * @param taskSeconds time in the task itself, summed over all items with a value
 * @param firstItemMicros for each worker that had an item: when it began its first, in microseconds since 1970
 * @param endMicros when the pool was closed
 * @param ownCpuSeconds processor time of the trial's own JVM; NaN is written as -1 where the system does not tell
 * @param sha256 over index, kind and value of all items in input order
 * @param broken why the pool could not go on, or empty
 */
public record TrialMeasures(
        long ok,
        Map<String, Long> failures,
        double taskSeconds,
        List<Long> firstItemMicros,
        long endMicros,
        double ownCpuSeconds,
        String sha256,
        String broken) {

    public TrialMeasures {
        failures = Map.copyOf(failures);
        firstItemMicros = List.copyOf(firstItemMicros);
    }

    long failed() {
        return failures.values().stream().mapToLong(each -> each).sum();
    }

    /** Writes a new file. */
    public void write(Path file) throws IOException {
        writeJson(file, this);
    }

    static void writeJson(Path file, Object measures) throws IOException {
        try (Writer out = Channels.newWriter(PrivateFiles.create(file), StandardCharsets.UTF_8)) {
            new Gson().toJson(measures, out);
        }
    }

    /** Reads what {@link #write} wrote; fails for a file that was not written to its end. */
    static TrialMeasures read(Path file) throws IOException {
        return readJson(file, TrialMeasures.class);
    }

    static <T> T readJson(Path file, Class<T> type) throws IOException {
        try {
            T measures = new Gson().fromJson(Files.readString(file), type);
            if (measures == null) {
                throw new IOException(file + " is empty");
            }
            return measures;
        } catch (JsonParseException e) {
            throw new IOException(file + " was not written to its end", e);
        }
    }
}
