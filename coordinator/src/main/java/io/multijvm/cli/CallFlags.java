// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.CallOptions;
import io.multijvm.failure.FailureKind;
import java.time.Duration;
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
            description = "How often an item is begun again after a time-out or its worker's death; 1 by default.")
    private @Nullable Integer retries;

    @Option(names = "--unordered", description = "Results as they come, not in input order; each has its index.")
    private boolean unordered;

    /** Refuses what cannot be meant. */
    void check() {
        Flags.atLeast(0, retries, "--retries");
        var unused = limit();
    }

    void configure(CallOptions options) {
        options.retries(retries()).retryOn(FailureKind.CRASH, FailureKind.OUT_OF_MEMORY, FailureKind.TIMEOUT);
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

    boolean setsTimeout() {
        return timeout != null;
    }

    private @Nullable Duration limit() {
        return timeout == null ? null : Durations.parse(timeout, "--timeout");
    }
}
