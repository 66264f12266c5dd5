// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.cli.compare.FaultAt;
import io.multijvm.cli.compare.HeapShares;
import io.multijvm.cli.compare.Setup;
import io.multijvm.cli.compare.TrialArguments;
import io.multijvm.cli.compare.TrialCommands;
import io.multijvm.cli.compare.TrialFiles;
import io.multijvm.worker.job.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command lines that {@link TrialMain} understands.
 *
 * @param timeout of each item; null for none, but where one of them hangs
 */
record TrialLines(JobOptions job, HeapShares heap, @Nullable Duration timeout) implements TrialCommands {
    private static final Duration FOR_A_HANG = Duration.ofSeconds(10);

    @Override
    public TrialArguments trial(Setup setup, @Nullable FaultAt fault, TrialFiles files) {
        List<String> line = new ArrayList<>(List.of("trial"));
        line.addAll(job.asArguments());
        line.addAll(List.of("--mode", setup.mode().toString()));
        line.addAll(common(setup, files));
        if (fault != null) {
            line.addAll(List.of("--fault", fault.toString()));
        }
        Duration limit = timeout == null && fault != null && fault.fault() == Fault.HANG ? FOR_A_HANG : timeout;
        if (limit != null) {
            line.addAll(List.of("--timeout-millis", Long.toString(Math.max(1, limit.toMillis()))));
        }
        return new TrialArguments(heap.ofTrial(setup), line, fault);
    }

    @Override
    public TrialArguments sweep(Setup processes, TrialFiles files) {
        List<String> line = new ArrayList<>(List.of("sweep"));
        line.addAll(common(processes, files));
        return new TrialArguments(heap.ofTrial(processes), line, null);
    }

    private List<String> common(Setup setup, TrialFiles files) {
        return List.of(
                "--workers",
                Integer.toString(setup.workers()),
                "--worker-heap",
                heap.ofWorker(setup).asFlag(),
                "--directory",
                files.directory().toString());
    }
}
