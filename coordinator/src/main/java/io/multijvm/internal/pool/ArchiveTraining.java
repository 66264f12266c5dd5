// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.Logging;
import io.multijvm.ResultStream;
import io.multijvm.TaskFuture;
import io.multijvm.codec.ForyCodec;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.Nestings;
import io.multijvm.internal.dispatch.CrewPlan;
import io.multijvm.internal.process.ClassArchive;
import io.multijvm.internal.process.LaunchSpec;
import io.multijvm.worker.TrainingTasks;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Makes the archive that the next workers start from, while the first ones work: a pool of one worker, which serves nobody,
 * does a little of everything and writes its classes down as it ends. When this JVM ends before that, so does that worker,
 * and the next coordinator tries again.
 */
final class ArchiveTraining {
    private static final Logger LOG = System.getLogger("io.multijvm");

    /** On a busy machine it gets little of the cores; after this it is in the way. */
    private static final Duration MOST = Duration.ofMinutes(5);

    private ArchiveTraining() {}

    /** Begins, if workers of {@code spec} would gain by it; returns at once. Not to be called on the event loop. */
    static void beginIfNeeded(LaunchSpec spec) {
        if (Nestings.poolDepth() > 0) {
            // a pool in a worker seldom lives long enough, and the program's own pool does it as well
            return;
        }
        try {
            Optional<ClassArchive.Training> training = ClassArchive.of(spec).flatMap(ClassArchive::claim);
            if (training.isPresent()) {
                Thread thread = new Thread(() -> run(training.get(), spec), "multijvm-archive");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "no class-data archive was made", e);
        }
    }

    private static void run(ClassArchive.Training training, LaunchSpec spec) {
        try (training) {
            ProcessEngine pool = PoolParts.assemble(new PoolParts.Plan(
                    CrewPlan.of(1, MOST),
                    training.launch(spec),
                    new ForyCodec(),
                    ArchiveTraining.class.getClassLoader(),
                    List.of(),
                    List.of(),
                    new PoolParts.Functions(null, MOST, null, MOST),
                    null,
                    CallSettings.DEFAULTS,
                    List.of(),
                    null,
                    // for the classes that this takes
                    Logging.FORWARD));
            if (trained(pool)) {
                training.finished();
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "no class-data archive was made", e);
        }
    }

    /** Whether the worker ended by itself, after all tasks: what one wrote that was killed is half an archive. */
    private static boolean trained(ProcessEngine pool) {
        // for each item; together with the start's own limit, nothing here lasts for ever
        CallSettings settings = CallSettings.DEFAULTS.withItemTimeout(MOST);
        try {
            pool.map(TrainingTasks.values(), TrainingTasks.kinds(), settings);
            for (List<Object> row : TrainingTasks.rows()) {
                pool.map(TrainingTasks.values(), row, settings);
            }
            try (ResultStream<?> failed = pool.outcomes(TrainingTasks.failing(), List.of(1), settings)) {
                failed.forEach(outcome -> {});
            }
            TaskFuture<Boolean> end = pool.submit(TrainingTasks.exit(), settings);
            // at once, for then the one that ends gets no successor
            pool.close();
            return end.handle((value, failure) -> endedByItself(failure)).getNow(false);
        } finally {
            pool.terminate();
        }
    }

    private static boolean endedByItself(@Nullable Throwable failure) {
        return failure instanceof WorkerCrashedException crash
                && crash.report().stream().anyMatch(report -> report.exitCode().equals(OptionalInt.of(0)));
    }
}
