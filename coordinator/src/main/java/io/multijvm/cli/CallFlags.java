// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.CallOptions;
import io.multijvm.failure.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How each item is treated: the flags for that, apart from those of chunks. */
final class CallFlags {
    private static final int DEFAULT_RETRIES = 1;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long one item may run, as 500ms, 30s or 5m; without limit by default.")
    private @Nullable String timeout;

    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "How often an item is begun again after what --retry-on names; 1 by default.")
    private @Nullable Integer retries;

    @Option(
            names = "--retry-on",
            split = ",",
            paramLabel = "KIND",
            description = "What --retries applies to, of crash, timeout, oom and exception (the task threw);"
                    + " crash,timeout,oom by default.")
    private List<String> retryOn = new ArrayList<>();

    @Option(
            names = "--crash-limit",
            paramLabel = "N",
            description = "An item that has killed N workers is not begun again whatever --retries says; 2 by default.")
    private @Nullable Integer crashLimit;

    @Option(names = "--unordered", description = "Results as they come, not in input order; each has its index.")
    private boolean unordered;

    /** Refuses what cannot be meant. */
    void check() {
        Flags.atLeast(0, retries, "--retries");
        Flags.atLeast(1, crashLimit, "--crash-limit");
        var unused = limit();
        var unusedKinds = kinds();
    }

    void configure(CallOptions options) {
        options.retries(retries()).retryOn(kinds());
        if (crashLimit != null) {
            options.crashLimit(crashLimit);
        }
        Duration limit = limit();
        if (limit != null) {
            options.itemTimeout(limit);
        }
        if (unordered) {
            options.unordered();
        }
    }

    int retries() {
        return retries == null ? DEFAULT_RETRIES : retries;
    }

    /** Whether an item can be begun again where there is no process that could die. */
    boolean retriesWithoutProcesses() {
        return timeout != null || List.of(kinds()).contains(FailureKind.TASK);
    }

    private FailureKind[] kinds() {
        return retryOn.isEmpty()
                ? new FailureKind[] {FailureKind.CRASH, FailureKind.OUT_OF_MEMORY, FailureKind.TIMEOUT}
                : retryOn.stream().map(CallFlags::kind).toArray(FailureKind[]::new);
    }

    private static FailureKind kind(String word) {
        return switch (word.strip()) {
            case "crash" -> FailureKind.CRASH;
            case "oom" -> FailureKind.OUT_OF_MEMORY;
            case "timeout" -> FailureKind.TIMEOUT;
            case "exception" -> FailureKind.TASK;
            default ->
                throw new UsageException("--retry-on " + OneLine.quote(word)
                        + " is nothing to retry on; give one or more of crash, timeout, oom and exception,"
                        + " separated by commas");
        };
    }

    private @Nullable Duration limit() {
        return timeout == null ? null : Durations.parse(timeout, "--timeout");
    }
}
