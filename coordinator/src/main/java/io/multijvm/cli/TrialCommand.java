// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.CallOptions;
import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.cli.compare.FaultAt;
import io.multijvm.cli.compare.TrialFiles;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableFunction;
import io.multijvm.worker.job.FaultyTask;
import io.multijvm.worker.job.TimedTask;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One trial: the job's items once through one pool, and what became of them into files. */
@Command(name = "trial")
final class TrialCommand implements Callable<Integer> {
    @Mixin
    private JobOptions job = new JobOptions();

    @Option(names = "--mode", required = true)
    private String mode = "";

    @Option(names = "--workers", required = true)
    private int workers;

    @Option(names = "--worker-heap", required = true)
    private String workerHeap = "";

    @Option(names = "--directory", required = true)
    private @Nullable Path directory;

    @Option(names = "--fault")
    private @Nullable String fault;

    @Option(names = "--timeout-millis")
    private @Nullable Long timeoutMillis;

    @Override
    public Integer call() throws IOException {
        TrialFiles files = new TrialFiles(Objects.requireNonNull(directory));
        RunPlan plan = new RunPlan(
                RunPlan.Mode.parse(mode),
                workers,
                MemoryFlags.ofHeap(workerHeap),
                List.of(files.gcFlag()),
                null,
                null,
                OptionalInt.empty(),
                new CallFlags());
        try (JobJar jar = job.open();
                Items items = job.items(InputStream.nullInputStream(), jar);
                TrialRecorder recorder = TrialRecorder.create(files, fault != null)) {
            SerializableFunction<Object, String> task =
                    new TimedTask(faulty(job.target().resolve(jar, items)));
            // As for a run: the pool's threads find the job's classes by it.
            Thread.currentThread().setContextClassLoader(jar.loader());
            String broken = run(plan, jar, task, items, recorder);
            recorder.finish(broken);
        }
        return ExitCode.OK.code();
    }

    private SerializableFunction<Object, String> faulty(SerializableFunction<Object, String> task) {
        if (fault == null) {
            return task;
        }
        FaultAt at = FaultAt.parse(fault);
        return new FaultyTask(task, at.fault(), at.index());
    }

    /** Why the pool could not go on, or an empty text. */
    private String run(
            RunPlan plan, JobJar jar, SerializableFunction<Object, String> task, Items items, TrialRecorder recorder)
            throws IOException {
        try (Pool pool = plan.pool(jar).get();
                ResultStream<Outcome<Object, String>> outcomes =
                        pool.with(this::configure).<Object, String>outcomes(task, items)) {
            for (Outcome<Object, String> outcome : outcomes) {
                recorder.take(outcome);
            }
            return "";
        } catch (PoolBrokenException | IllegalArgumentException e) {
            return OneLine.messageOf(e);
        }
    }

    /** The options of the one call that a trial is: no retries, for an item is to be run once; a limit where one hangs. */
    private void configure(CallOptions options) {
        options.retries(0);
        if (timeoutMillis != null) {
            options.itemTimeout(Duration.ofMillis(timeoutMillis));
        }
    }
}
