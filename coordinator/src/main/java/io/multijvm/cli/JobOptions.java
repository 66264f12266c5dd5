// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    @Option(
            names = "--jsonl",
            paramLabel = "FILE|-",
            description = "Items: one JSON value on each line; it becomes the parameter by its type: String, number, "
                    + "record, List, Map, array.")
    private @Nullable String jsonLines;

    @Option(names = "--range", paramLabel = "A..B", description = "Items: the whole numbers from A up to, without, B.")
    private @Nullable String range;

    /** Refuses what the flags alone show to be wrong. */
    void check() {
        List<String> given = sources();
        if (given.size() > 1) {
            throw new UsageException(String.join(" and ", given) + " both say what the items are; give one of them");
        }
        if (given.isEmpty()) {
            throw new UsageException("nothing says what the items are; give --lines FILE, --jsonl FILE, --range A..B, "
                    + "or --lines - for stdin");
        }
    }

    /** The flags that were given to say what the items are. */
    private List<String> sources() {
        Map<String, @Nullable Object> flags = new LinkedHashMap<>();
        flags.put("--lines", lines);
        flags.put("--jsonl", jsonLines);
        flags.put("--range", range);
        return flags.entrySet().stream()
                .filter(each -> each.getValue() != null)
                .map(Map.Entry::getKey)
                .toList();
    }

    Path jar() {
        return Objects.requireNonNull(jar);
    }

    CallTarget target() {
        return CallTarget.parse(Objects.requireNonNull(call));
    }

    /** @param in what {@code -} stands for */
    Items items(InputStream in) {
        if (lines != null) {
            return LineItems.open(lines, in);
        }
        if (jsonLines != null) {
            return new JsonItems(LineItems.open("--jsonl", jsonLines, in));
        }
        return RangeItems.parse(Objects.requireNonNull(range));
    }
}
