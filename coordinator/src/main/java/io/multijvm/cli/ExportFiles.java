// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.cli.compare.ComparisonReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a comparison is written to, beside stdout. Opened before it begins, for it may take hours. */
final class ExportFiles implements AutoCloseable {
    @Option(names = "--export-md", paramLabel = "FILE", description = "A new file for the report in Markdown.")
    private @Nullable Path markdown;

    @Option(names = "--export-csv", paramLabel = "FILE", description = "A new file with a line for each trial.")
    private @Nullable Path csv;

    @Option(names = "--export-json", paramLabel = "FILE", description = "A new file with all that was measured.")
    private @Nullable Path json;

    private final Map<Path, OutputStream> open = new LinkedHashMap<>();

    /** @throws UsageException if a file exists or cannot be made */
    void open() {
        open("--export-md", markdown);
        open("--export-csv", csv);
        open("--export-json", json);
    }

    private void open(String flag, @Nullable Path file) {
        if (file != null) {
            open.put(file, NewFile.open(flag, file));
        }
    }

    void write(ComparisonReport report) throws IOException {
        write(markdown, () -> report.markdown());
        write(csv, () -> report.csv());
        write(json, () -> List.of(report.json()));
    }

    private interface Lines {
        List<String> get();
    }

    private void write(@Nullable Path file, Lines lines) throws IOException {
        OutputStream out = file == null ? null : open.get(file);
        if (out != null) {
            out.write((String.join("\n", lines.get()) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** An empty file, of a comparison that came to nothing, would only stand in the way of the next try. */
    @Override
    public void close() throws IOException {
        Optional<IOException> failure = Optional.empty();
        for (Map.Entry<Path, OutputStream> each : open.entrySet()) {
            try {
                each.getValue().close();
                if (Files.size(each.getKey()) == 0) {
                    Files.delete(each.getKey());
                }
            } catch (IOException e) {
                failure = Optional.of(e);
            }
        }
        open.clear();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}
