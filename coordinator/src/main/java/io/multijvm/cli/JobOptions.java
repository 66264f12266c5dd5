// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.internal.process.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    /**
     * Sees to it that the items can be read again and again: where they come from a stream, it is copied into this new
     * file, which takes its place.
     *
     * @param in what {@code -} stands for
     */
    void makeRepeatable(InputStream in, Path copy) throws IOException {
        if (lines == null || !isStream(lines)) {
            return;
        }
        try (InputStream file = lines.equals("-") ? null : Files.newInputStream(Path.of(lines));
                OutputStream out = Channels.newOutputStream(PrivateFiles.create(copy))) {
            (file == null ? in : file).transferTo(out);
        }
        lines = copy.toString();
    }

    /** Stdin, or a pipe that was given by its name. What is not there at all is refused when it is opened. */
    private static boolean isStream(String file) {
        Path path = Path.of(file);
        return file.equals("-") || (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path));
    }

    /** These options as they would stand on a command line. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(jar().toString(), "--call", Objects.requireNonNull(call)));
        if (lines != null) {
            arguments.addAll(List.of("--lines", lines));
        }
        if (range != null) {
            arguments.add("--range=" + range); // it may begin with a minus
        }
        return arguments;
    }
}
