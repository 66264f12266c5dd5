// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableFunction;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One run, from its first item to its last: results to the writer, failures to the report, an exit code at the end. */
final class Run {
    private final RunPlan plan;
    private final SerializableFunction<Object, String> task;
    private final Items items;
    private final ResultsWriter results;
    private final RunReport report;
    private final ProgressView view;

    Run(
            RunPlan plan,
            SerializableFunction<Object, String> task,
            Items items,
            ResultsWriter results,
            RunReport report,
            ProgressView view) {
        this.plan = plan;
        this.task = task;
        this.items = items;
        this.results = results;
        this.report = report;
        this.view = view;
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
        StoppableInput input = new StoppableInput(items);
        Stopping stopping = new Stopping(input, report, System::nanoTime, MultijvmMain::exit);
        StopHook hook = StopHook.install(pool, results, report, stopping::signal);
        List<Signals.Handled> signals = stopping.install();
        try {
            Optional<ExitCode> failure = watch(pool, input, stopping, hook);
            return failure.isPresent() && stopping.signal().isEmpty() ? failure.get() : ofLastItem(stopping);
        } finally {
            signals.forEach(Signals.Handled::close);
            hook.remove();
        }
    }

    /** Has all items run and ends the pool. Returns why that did not work out, if it did not. */
    private Optional<ExitCode> watch(Pool pool, StoppableInput input, Stopping stopping, StopHook hook) {
        boolean complete = false;
        Ticker ticker = Ticker.start(
                results,
                () -> {
                    view.show(report.progress(stopping.drain()));
                    stopping.tick();
                },
                pool::terminate);
        try {
            consume(pool, input);
            results.flush();
            complete = true;
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.of(ofEnd(e, hook));
        } finally {
            if (complete) {
                pool.close();
            } else {
                pool.terminate();
            }
            ticker.stop();
            view.close();
        }
    }

    private ExitCode ofLastItem(Stopping stopping) {
        if (stopping.signal().isPresent()) {
            report.stoppedBy(stopping.signal().get());
            return stopping.signal().get().exitCode();
        }
        report.summary();
        return report.anyFailed() ? ExitCode.ITEMS_FAILED : ExitCode.OK;
    }

    private void consume(Pool pool, StoppableInput input) throws IOException {
        try (ResultStream<Outcome<Object, String>> outcomes =
                pool.with(plan::configure).<Object, String>outcomes(task, input)) {
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
        results.error(
                failure.index(), failure.kind().name(), FailedItem.messageOf(failure.error()), failure.attempts());
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
        if (report.finished() == 0) {
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
