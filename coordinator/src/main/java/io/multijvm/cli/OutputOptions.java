// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.cli.OutputPlan.Colour;
import io.multijvm.cli.OutputPlan.Kind;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a command says on stderr: the flags that all commands with something to watch have in common. */
final class OutputOptions {
    /** As it stands on a command line, also for errors that are found before it was parsed. */
    static final String JSON = "--json";

    @Option(
            names = {"-q", "--quiet"},
            description = "Nothing on stderr but failures and errors.")
    private boolean quiet;

    @Option(
            names = "--progress",
            paramLabel = "KIND",
            description =
                    "How progress is shown: auto (default: a bar on a terminal, else lines), bar, plain, json, none.")
    private @Nullable String progress;

    @Option(names = "--no-progress", description = "As --progress none.")
    private boolean noProgress;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            description = "auto (default: on a terminal, unless NO_COLOR is set), always, never.")
    private String color = Colour.AUTO.toString();

    @Option(names = JSON, description = "All that goes to stderr is JSON lines: progress, failures, summary, errors.")
    private boolean json;

    /** What the flags and the user's surroundings come to. */
    OutputPlan plan(Stderr err) {
        Kind kind = progress == null ? Kind.AUTO : parse("--progress", progress, Kind.values());
        Colour colour = parse("--color", color, Colour.values());
        refuseContradictions(kind, colour);
        if (quiet || noProgress) {
            kind = Kind.NONE;
        } else if (json && kind == Kind.AUTO) {
            kind = Kind.JSON;
        }
        return OutputPlan.of(kind, colour, json, quiet, err);
    }

    /** Of two flags that exclude each other, one would do nothing, and its user would not know. */
    private void refuseContradictions(Kind kind, Colour colour) {
        boolean wantsProgress = progress != null && kind != Kind.NONE;
        refuse(quiet && wantsProgress, "-q", "--progress " + kind);
        refuse(noProgress && wantsProgress, "--no-progress", "--progress " + kind);
        refuse(json && (kind == Kind.BAR || kind == Kind.PLAIN), JSON, "--progress " + kind);
        refuse(json && colour == Colour.ALWAYS, JSON, "--color always");
    }

    private static void refuse(boolean both, String one, String other) {
        if (both) {
            throw new UsageException(one + " and " + other + " contradict each other; leave one of the two out");
        }
    }

    private static <E extends Enum<E>> E parse(String flag, String text, E[] values) {
        return Arrays.stream(values)
                .filter(each -> each.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new UsageException(flag + " " + OneLine.quote(text) + " is not known; give one of "
                        + Arrays.stream(values).map(Enum::toString).collect(Collectors.joining(", "))));
    }
}
