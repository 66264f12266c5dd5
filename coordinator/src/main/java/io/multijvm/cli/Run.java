// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableFunction;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** One run, from its first item to its last: results to the writer, failures to the report, an exit code at the end. */
final class Run {
    private final RunPlan plan;
    private final SerializableFunction<Object, String> task;
    private final Items items;
    private final ResultsWriter results;
    private final RunReport report;
    private final boolean showProgress;

    Run(
            RunPlan plan,
            SerializableFunction<Object, String> task,
            Items items,
            ResultsWriter results,
            RunReport report,
            boolean showProgress) {
        this.plan = plan;
        this.task = task;
        this.items = items;
        this.results = results;
        this.report = report;
        this.showProgress = showProgress;
    }

    /** @throws UsageException if the pool refuses its options */
    ExitCode execute(Supplier<Pool> pools) {
        Pool pool;
        try {
            pool = pools.get();
        } catch (IllegalArgumentException e) {
            throw new UsageException(OneLine.messageOf(e));
        } catch (PoolBrokenException e) {
            return ofBrokenPool(e);
        }
        boolean complete = false;
        StopHook hook = StopHook.install(pool, results, report);
        Ticker ticker = Ticker.start(results, report, showProgress, pool::terminate);
        try {
            consume(pool);
            results.flush();
            complete = true;
        } catch (IOException | RuntimeException e) {
            return ofEnd(e, hook);
        } finally {
            ticker.stop();
            if (complete) {
                pool.close();
            } else {
                pool.terminate();
            }
            hook.remove();
        }
        report.summary();
        return report.anyFailed() ? ExitCode.ITEMS_FAILED : ExitCode.OK;
    }

    private void consume(Pool pool) throws IOException {
        try (ResultStream<Outcome<Object, String>> outcomes =
                pool.with(plan::configure).<Object, String>outcomes(task, items)) {
            for (Outcome<Object, String> outcome : outcomes) {
                take(outcome);
            }
        }
        // A pool that was terminated because of either ends its stream without a word.
        results.rethrowFailure();
    }

    private void take(Outcome<Object, String> outcome) throws IOException {
        if (outcome instanceof Outcome.Success<Object, String> success) {
            report.succeeded(success.attempts());
            results.value(success.index(), success.value());
        } else if (outcome instanceof Outcome.Failure<Object, String> failure) {
            take(failure);
        } else {
            throw new AssertionError("an outcome of class " + outcome.getClass());
        }
    }

    private void take(Outcome.Failure<Object, String> failure) throws IOException {
        if (failure.kind() == FailureKind.POOL_BROKEN) {
            throw failure.error();
        }
        if (failure.kind() == FailureKind.CANCELLED) {
            return; // only when the run is being stopped: it has no outcome to write
        }
        report.failed(failure);
        results.error(failure.index(), failure.kind().name(), RunReport.messageOf(failure.error()), failure.attempts());
    }

    /** Why the run did not reach its end, the true cause first: one failure brings others with it. */
    private ExitCode ofEnd(Exception e, StopHook hook) {
        if (hook.isStopping()) {
            return ExitCode.STOPPED; // nobody sees it: the signal decides the exit code
        }
        Optional<IOException> lost = results.failure();
        if (lost.isPresent()) {
            return ofLostOutput(lost.get());
        }
        if (items.failure().isPresent()) {
            flushed();
            report.stopped();
            report.error(items.failure().get());
            return ExitCode.INPUT_OUTPUT;
        }
        if (e instanceof PoolBrokenException) {
            return ofBrokenPool(e);
        }
        throw e instanceof RuntimeException bug ? bug : new IllegalStateException(e);
    }

    private ExitCode ofLostOutput(IOException lost) {
        if (ResultsWriter.isBrokenPipe(lost)) {
            return report.anyFailed() ? ExitCode.ITEMS_FAILED : ExitCode.OK; // the reader has what it wanted
        }
        report.error("the results cannot be written: " + OneLine.messageOf(lost) + "; the run was stopped");
        return ExitCode.INPUT_OUTPUT;
    }

    private ExitCode ofBrokenPool(Exception e) {
        if (!report.anyFinished()) {
            report.error(OneLine.messageOf(e));
            return ExitCode.NO_WORKER;
        }
        flushed();
        report.stopped();
        report.error(OneLine.messageOf(e));
        return ExitCode.STOPPED;
    }

    /** What was worked out before the end is not lost with it. */
    private void flushed() {
        try {
            results.flush();
        } catch (IOException e) {
            report.error("the last results cannot be written: " + OneLine.messageOf(e));
        }
    }
}
