// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.internal.death.Circumstances;
import io.multijvm.internal.death.LifeSigns;
import io.multijvm.internal.dispatch.WorkerProcess;
import io.multijvm.internal.process.CrashReports;
import io.multijvm.internal.process.ExitStatus;
import io.multijvm.internal.process.LaunchedWorker;
import io.multijvm.internal.process.Leavings;
import io.multijvm.internal.process.LifeReadings;
import io.multijvm.internal.process.MemoryReadings;
import io.multijvm.internal.process.OomKills;
import io.multijvm.internal.process.StartFailure;
import io.multijvm.internal.result.Printed;
import io.multijvm.internal.transport.Hub;
import io.multijvm.wire.mapped.OutputRange;
import io.multijvm.wire.mapped.RecorderReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;

/** One process on this machine, for the dispatcher. */
final class LocalProcess implements WorkerProcess {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration BOUND_EVERY = Duration.ofMillis(100);
    /** Of output that grows fast: a flood brings a megabyte in a millisecond. */
    private static final Duration BOUND_SOON = Duration.ofMillis(10);

    private final Hub hub;
    private final Executor support;
    private final LaunchedWorker launched;
    /** The event loop's. */
    private final RecorderReader recorder;

    private final Runnable forget;
    /** Written once, before the exit is told. */
    private volatile ExitStatus status = new ExitStatus(0);

    private volatile boolean alive = true;
    /** As it was last seen; by whoever looks. */
    private volatile MemoryReadings.Resident resident = MemoryReadings.Resident.UNKNOWN;

    /**
     * @param support for what reads files or takes time
     * @param forget deletes its files, which nobody will read any more
     */
    LocalProcess(Hub hub, Executor support, LaunchedWorker launched, RecorderReader recorder, Runnable forget) {
        this.hub = hub;
        this.support = support;
        this.launched = launched;
        this.recorder = recorder;
        this.forget = forget;
    }

    /** Looks now and then at its memory and its output, until it has exited. On the loop. */
    void watchFromNowOn() {
        lookFromNowOn();
        boundOutput(BOUND_EVERY);
    }

    /** It was reaped. */
    void exited(ExitStatus how) {
        status = how;
        alive = false;
    }

    /** Looks every second at its memory, which nobody can see once it is dead. */
    private void lookFromNowOn() {
        var unused = hub.schedule(
                () -> {
                    if (alive) {
                        support.execute(this::look);
                        lookFromNowOn();
                    }
                },
                LOOK_EVERY);
    }

    private void look() {
        readMemory();
        OomKills.ofThisMachine().look();
    }

    private MemoryReadings.Resident readMemory() {
        MemoryReadings.Resident read = MemoryReadings.ofThisMachine().resident(launched.pid());
        if (read.now() > 0) { // else it is dead by now
            resident = read;
        }
        return read;
    }

    /** Looks at the files now and then: a flood is cut long before it fills a disk, and costs the task no wait. */
    private void boundOutput(Duration after) {
        var unused = hub.schedule(
                () -> {
                    if (alive) {
                        support.execute(this::boundOutput);
                    }
                },
                after);
    }

    /** The worker is told before and after a cut: it measures what its items write by the lengths of the files. */
    private void boundOutput() {
        LaunchedWorker.Growth growth = launched.outputGrowth();
        if (growth != LaunchedWorker.Growth.ABOVE_CAP) {
            Duration after = growth == LaunchedWorker.Growth.FAST ? BOUND_SOON : BOUND_EVERY;
            hub.executeIfUp(() -> boundOutput(after));
            return;
        }
        hub.executeIfUp(() -> {
            if (alive) {
                recorder.cutBegins();
                support.execute(this::cutOutput);
            }
        });
    }

    private void cutOutput() {
        try {
            launched.boundOutput();
        } finally {
            hub.execute(() -> {
                recorder.cutEnded(launched.stdoutBase(), launched.stderrBase());
                boundOutput(BOUND_SOON);
            });
        }
    }

    @Override
    public Printed printed(OutputRange range, boolean failed) {
        return launched.printed(range, failed);
    }

    @Override
    public Printed printedLast(OutputRange range) {
        return launched.printedLast(range);
    }

    @Override
    public long pid() {
        return launched.pid();
    }

    @Override
    public OptionalLong residentBytes() {
        MemoryReadings.Resident read = readMemory();
        return read.now() > 0 ? OptionalLong.of(read.now()) : OptionalLong.empty();
    }

    @Override
    public Optional<LifeSigns> lifeSigns() {
        return LifeReadings.ofThisMachine().of(launched.pid());
    }

    @Override
    public void terminate() {
        launched.terminate();
    }

    @Override
    public void kill() {
        // lists descendants, which reads /proc
        support.execute(launched::kill);
    }

    @Override
    public void killWithStacks() {
        support.execute(launched::killWithStacks);
    }

    @Override
    public List<String> whereItStood() {
        return launched.mainStack();
    }

    @Override
    public int exitStatus() {
        return status.value();
    }

    @Override
    public Death diagnose(Circumstances known) {
        if (status.value() == 0) {
            // a task called System.exit(0): no good order, although it looks like that
            launched.endOffspring();
        }
        try {
            return new Death(CrashReports.from(launched, status, known, resident));
        } catch (RuntimeException e) { // whatever its files hold: the item must have an answer
            return new Death(unexplained(known, e));
        }
    }

    private CrashReport unexplained(Circumstances known, RuntimeException why) {
        return new CrashReport(
                DeathKind.UNEXPLAINED,
                known.at(),
                "ended (" + status.words() + "), and what it left cannot be read: " + why,
                status.exitCode(),
                status.signal(),
                known.item(),
                known.worker(),
                CrashReport.Memory.UNKNOWN,
                "",
                List.of(),
                List.of(),
                List.of(),
                "",
                "Run the item alone to see how it ends.");
    }

    @Override
    public String whyNotStarted() {
        return StartFailure.describe(launched, status);
    }

    @Override
    public void forget() {
        launched.keepWantedOutput();
        forget.run();
        if (status.value() != 0) {
            // of pools that its tasks had made: it could not do that itself
            Leavings.delete(launched.pid());
        }
    }
}
