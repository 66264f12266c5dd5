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

/** The flags that say what the items are; one of them at most. */
final class ItemOptions {
    /** For messages. */
    static final String CHOICES = "--lines FILE, --jsonl FILE, --glob PATTERN, --range A..B, or --lines - for stdin";

    @Option(names = "--lines", paramLabel = "FILE|-", description = "Items: the lines of a file, or of stdin (UTF-8).")
    private @Nullable String lines;

    @Option(
            names = "--jsonl",
            paramLabel = "FILE|-",
            description = "Items: one JSON value on each line; it becomes the parameter by its type: String, number, "
                    + "record, List, Map, array.")
    private @Nullable String jsonLines;

    @Option(
            names = "--glob",
            paramLabel = "PATTERN",
            description =
                    "Items: the files that match, as 'corpus/**/*.pdf', sorted by path; for a Path, File or String.")
    private @Nullable String glob;

    @Option(names = "--range", paramLabel = "A..B", description = "Items: the whole numbers from A up to, without, B.")
    private @Nullable String range;

    /** Whether the command says what the items are. */
    boolean given() {
        return !names().isEmpty();
    }

    /** Refuses more than one. */
    void check() {
        List<String> names = names();
        if (names.size() > 1) {
            throw new UsageException(String.join(" and ", names) + " both say what the items are; give one of them");
        }
    }

    /** The flags that were given. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        add(names, "--lines", lines);
        add(names, "--jsonl", jsonLines);
        add(names, "--glob", glob);
        add(names, "--range", range);
        return names;
    }

    private static void add(List<String> names, String name, @Nullable String value) {
        if (value != null) {
            names.add(name);
        }
    }

    /** @param in what {@code -} stands for */
    Items open(InputStream in) {
        if (lines != null) {
            return LineItems.open(lines, in);
        }
        if (jsonLines != null) {
            return new JsonItems(LineItems.open("--jsonl", jsonLines, in));
        }
        if (glob != null) {
            return GlobItems.find(glob, Path.of(""));
        }
        return RangeItems.parse(Objects.requireNonNull(range));
    }

    /** As {@link JobOptions#makeRepeatable}. */
    void makeRepeatable(InputStream in, Path copy) throws IOException {
        if (lines != null && isStream(lines)) {
            lines = copied(lines, in, copy);
        }
        if (jsonLines != null && isStream(jsonLines)) {
            jsonLines = copied(jsonLines, in, copy);
        }
    }

    /** Stdin, or a pipe that was given by its name. What is not there at all is refused when it is opened. */
    private static boolean isStream(String file) {
        if (file.equals("-")) {
            return true;
        }
        Path path = Path.of(file);
        return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    private static String copied(String file, InputStream in, Path copy) throws IOException {
        try (InputStream named = file.equals("-") ? null : Files.newInputStream(Path.of(file));
                OutputStream out = Channels.newOutputStream(PrivateFiles.create(copy))) {
            (named == null ? in : named).transferTo(out);
        }
        return copy.toString();
    }

    /** As they would stand on a command line; with an equals sign, for a range may begin with a minus. */
    List<String> asArguments() {
        return names().stream().map(name -> name + "=" + value(name)).toList();
    }

    private @Nullable String value(String name) {
        return switch (name) {
            case "--lines" -> lines;
            case "--jsonl" -> jsonLines;
            case "--glob" -> glob;
            default -> range;
        };
    }
}
