// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the results go: stdout, or a new file that only its owner reads. A file that exists is never touched. */
final class ResultsTarget implements AutoCloseable {
    private final @Nullable Path file;
    private final ResultsWriter writer;
    private boolean kept;

    private ResultsTarget(@Nullable Path file, ResultsWriter writer) {
        this.file = file;
        this.writer = writer;
    }

    static ResultsTarget open(@Nullable Path file, OutputStream stdout) {
        if (file == null) {
            return new ResultsTarget(null, new ResultsWriter(stdout, false));
        }
        return new ResultsTarget(file, new ResultsWriter(new ResultsFile(NewFile.channel("--results", file)), true));
    }

    /** Where results would go. */
    static String describe(@Nullable Path file) {
        if (file != null && Files.exists(file)) {
            throw NewFile.exists("--results", file);
        }
        return file == null ? "stdout" : "a new file " + file;
    }

    ResultsWriter writer() {
        return writer;
    }

    /** The run reached its end: also an empty file is its result now. */
    void keep() {
        kept = true;
    }

    /** A file without a result, of a run that could not begin, would only stand in the way of the next try. */
    @Override
    public void close() throws IOException {
        writer.close();
        if (file != null && !kept && Files.size(file) == 0) {
            Files.delete(file);
        }
    }
}
