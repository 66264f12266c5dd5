// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What SIGINT and SIGTERM do to a run. RUNNING -> DRAINING at the first: no new item is read, those that were given out
 * may finish, and the run then ends by itself. DRAINING -> exit at the second: the JVM ends, and {@link StopHook} with
 * it ends the workers. All methods may be called from any thread.
 */
final class Stopping {
    /** A consumer that has everything ends by itself, unless its input waits for a line that may never come. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final StoppableInput input;
    private final RunReport report;
    private final LongSupplier nanoClock;
    private final IntConsumer exit;

    /** Guarded by this, as is the field below it. */
    private @Nullable StopSignal first;

    private long idleSince = -1;

    /** @param exit ends the JVM with a code; may not return */
    Stopping(StoppableInput input, RunReport report, LongSupplier nanoClock, IntConsumer exit) {
        this.input = input;
        this.report = report;
        this.nanoClock = nanoClock;
        this.exit = exit;
    }

    /** Has the signals come here until the result is closed. Where Java cannot have them, they end the JVM as ever. */
    List<Signals.Handled> install() {
        return List.of(StopSignal.values()).stream()
                .flatMap(each -> Signals.handle(each.name(), () -> came(each)).stream())
                .toList();
    }

    /** One of the signals came. */
    void came(StopSignal signal) {
        if (isFirst(signal)) {
            input.stop();
            drain().filter(drain -> drain.waiting() > 0).ifPresent(drain -> report.notice(drain.text()));
        } else {
            exit.accept(signal.exitCode().code());
        }
    }

    private synchronized boolean isFirst(StopSignal signal) {
        if (first != null) {
            return false;
        }
        first = signal;
        return true;
    }

    /** What stops the run, if it was told to stop. */
    synchronized Optional<StopSignal> signal() {
        return Optional.ofNullable(first);
    }

    /** What is still waited for, if the run was told to stop. */
    Optional<Progress.Drain> drain() {
        return signal().map(
                        signal -> new Progress.Drain(Math.max(0, input.given() - report.finished()), signal.stopNow()));
    }

    /** Called every so often: ends a run that has nothing left to wait for but its input. */
    void tick() {
        Optional<StopSignal> signal = signal();
        if (signal.isPresent() && input.given() <= report.finished() && idleLongEnough()) {
            exit.accept(signal.get().exitCode().code());
        }
    }

    private synchronized boolean idleLongEnough() {
        long now = nanoClock.getAsLong();
        if (idleSince < 0) {
            idleSince = now;
        }
        return now - idleSince >= IDLE_NANOS;
    }
}
