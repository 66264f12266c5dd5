// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.CallOptions;
import io.multijvm.Pool;
import io.multijvm.ProcessOptions;
import io.multijvm.WorkerCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where and how the items of a run are worked on: the flags of {@code run} that concern its pool, checked.
 *
 * @param workers worker JVMs or threads
 * @param memory what workers may take of it
 * @param javaHome that runs the workers, or null for the one that runs us
 * @param deadLetters where items go that failed for good by a death, or null for nowhere
 * @param chunkSize items that cross together, if it is fixed
 */
record RunPlan(
        Mode mode,
        int workers,
        MemoryFlags memory,
        List<String> jvmArgs,
        @Nullable Path javaHome,
        @Nullable Path deadLetters,
        OptionalInt chunkSize,
        CallFlags calls) {

    /** Where items run. */
    enum Mode {
        PROCESSES,
        THREADS,
        SERIAL;

        /** As the user writes it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Mode parse(String text) {
            return Arrays.stream(values())
                    .filter(each -> each.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new UsageException(
                            "--mode " + OneLine.quote(text) + " is not a mode; give processes, threads or serial"));
        }
    }

    RunPlan {
        jvmArgs = List.copyOf(jvmArgs);
    }

    /** A pool for this job. In threads and serially its classes are found by the context class loader. */
    Supplier<Pool> pool(JobJar jar) {
        return switch (mode) {
            case PROCESSES -> () -> processes(jar.paths());
            case THREADS -> () -> Pool.threads(workers);
            case SERIAL -> Pool::serial;
        };
    }

    private Pool processes(List<Path> jobPath) {
        return Pool.processes(options -> configure(options, jobPath));
    }

    private void configure(ProcessOptions options, List<Path> jobPath) {
        options.workers(workers).jobPath(jobPath.toArray(Path[]::new)).jvmArgs(jvmArgs.toArray(String[]::new));
        memory.configure(options);
        if (javaHome != null) {
            options.javaHome(javaHome);
        }
        if (deadLetters != null) {
            options.deadLetters(deadLetters);
        }
    }

    /** The command line of one of its workers, quoted for a shell. */
    String workerCommand(JobJar jar) throws IOException {
        return WorkerCommand.of(options -> configure(options, jar.paths()));
    }

    /** The options of the one call that a run is. */
    void configure(CallOptions options) {
        calls.configure(options);
        chunkSize.ifPresent(options::chunkSize);
    }
}
