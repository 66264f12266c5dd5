// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is run on which items: the flags that all commands with a job have in common. */
final class JobOptions {
    @Parameters(paramLabel = "JOB.jar", description = "The jar with the method; its manifest's Class-Path counts.")
    private @Nullable Path jar;

    @Option(
            names = "--call",
            required = true,
            paramLabel = "PKG.CLASS::METHOD",
            description = "The method; takes a String, number, boolean, char, Path, enum or byte[].")
    private @Nullable String call;

    @Option(names = "--lines", paramLabel = "FILE|-", description = "Items: the lines of a file, or of stdin (UTF-8).")
    private @Nullable String lines;

    @Option(names = "--range", paramLabel = "A..B", description = "Items: the whole numbers from A up to, without, B.")
    private @Nullable String range;

    /** Refuses what the flags alone show to be wrong. */
    void check() {
        if (lines != null && range != null) {
            throw new UsageException("--lines and --range both say what the items are; give one of them");
        }
        if (lines == null && range == null) {
            throw new UsageException("nothing says what the items are; give --lines FILE, --lines - or --range A..B");
        }
    }

    Path jar() {
        return Objects.requireNonNull(jar);
    }

    CallTarget target() {
        return CallTarget.parse(Objects.requireNonNull(call));
    }

    /** @param in what {@code -} stands for */
    Items items(InputStream in) {
        return lines != null ? LineItems.open(lines, in) : RangeItems.parse(Objects.requireNonNull(range));
    }
}
