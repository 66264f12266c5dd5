// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.Machine;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.internal.arena.ResultArena;
import io.multijvm.internal.death.Circumstances;
import io.multijvm.internal.death.LifeSigns;
import io.multijvm.internal.dispatch.WorkerListener;
import io.multijvm.internal.dispatch.WorkerProcess;
import io.multijvm.internal.dispatch.WorkerStarter;
import io.multijvm.internal.process.CrashReports;
import io.multijvm.internal.process.ExitStatus;
import io.multijvm.internal.process.FileStamp;
import io.multijvm.internal.process.LaunchedWorker;
import io.multijvm.internal.process.Leavings;
import io.multijvm.internal.process.LifeReadings;
import io.multijvm.internal.process.MemoryReadings;
import io.multijvm.internal.process.OomKills;
import io.multijvm.internal.process.RunDirectory;
import io.multijvm.internal.process.SharedFiles;
import io.multijvm.internal.process.StartFailure;
import io.multijvm.internal.process.WorkerLauncher;
import io.multijvm.internal.result.Printed;
import io.multijvm.internal.transport.Greeting;
import io.multijvm.internal.transport.Hub;
import io.multijvm.internal.transport.Sharing;
import io.multijvm.wire.Bootstrap;
import io.multijvm.wire.Ticket;
import io.multijvm.wire.mapped.OutputRange;
import io.multijvm.wire.mapped.RecorderFile;
import io.multijvm.wire.mapped.RecorderReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Starts workers on this machine: ticket, recorder, process. */
final class LocalStarter implements WorkerStarter {
    /** A JVM that has loaded the codec takes some 90 MiB; the work of those that are there must not be pushed out for it. */
    private static final long LEAST_MEMORY_FOR_STANDBY = 256L << 20;

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration BOUND_EVERY = Duration.ofMillis(100);
    /** Of output that grows fast: a flood brings a megabyte in a millisecond. */
    private static final Duration BOUND_SOON = Duration.ofMillis(10);

    private final Hub hub;
    private final RunDirectory directory;
    private final WorkerLauncher launcher;
    private final Executor support;
    private final Runnable ready;
    private final Greeting greeting;
    private final List<FileStamp> jobFiles;
    /** Only where workers run on this machine for certain; else large payloads cross in frames. */
    private final boolean sharesMemory;

    /**
     * @param support for what takes time: making files and processes
     * @param ready done by support whenever a worker has come in, and thus is not waited for any more
     * @param greeting what each worker is told when it comes in
     */
    LocalStarter(
            Hub hub,
            RunDirectory directory,
            WorkerLauncher launcher,
            Executor support,
            Runnable ready,
            Greeting greeting) {
        this.hub = hub;
        this.directory = directory;
        this.launcher = launcher;
        this.support = support;
        this.ready = ready;
        this.greeting = greeting;
        this.jobFiles = FileStamp.of(greeting.jobPath());
        OomKills.ofThisMachine().look(); // what was counted before has killed none of ours
        this.sharesMemory = hub.onUnixSocket() && SharedFiles.wanted();
    }

    @Override
    public void start(int slot, int incarnation, WorkerListener worker, Progress progress) {
        support.execute(() -> {
            try {
                if (slot < 0 && Machine.availableMemory() < LEAST_MEMORY_FOR_STANDBY) {
                    hub.execute(progress::noRoom);
                    return;
                }
                launch(slot, incarnation, worker, progress);
            } catch (IOException | RuntimeException e) {
                hub.execute(() -> progress.failed(e));
            }
        });
    }

    @Override
    public long availableMemory() {
        return Machine.availableMemory();
    }

    private void launch(int slot, int incarnation, WorkerListener worker, Progress progress) throws IOException {
        refuseChangedJob();
        Path file = directory.recorderPath(slot, incarnation);
        RecorderFile.create(file, RecorderFile.DEFAULT_RING_BYTES);
        RecorderReader recorder = RecorderReader.open(file);
        ResultArena results = sharesMemory ? new ResultArena(SharedFiles.ofThisJvm(), support, hub::execute) : null;
        Sharing sharing = results == null ? null : new Sharing(SharedFiles.ofThisJvm(), support, results);
        Ticket ticket = hub.register(greeting, worker, sharing);
        hub.execute(() -> progress.prepared(recorder, new LocalEntry(ticket, slot, incarnation, results)));
        LaunchedWorker launched = launcher.launch(new Bootstrap(ticket, hub.address(), slot, incarnation, file));
        LocalProcess process = new LocalProcess(launched, recorder, slot, incarnation);
        hub.execute(() -> {
            progress.launched(process);
            process.lookFromNowOn();
            process.boundOutput(BOUND_EVERY);
        });
        var unused = launched.onExit().thenAccept(status -> {
            process.status = status;
            process.alive = false;
            hub.execute(progress::exited);
        });
    }

    /** A worker with other classes than the ones before it would give results that do not belong to theirs. */
    private void refuseChangedJob() throws IOException {
        Optional<Path> changed = FileStamp.firstChanged(jobFiles);
        if (changed.isPresent()) {
            throw new IOException(changed.get() + " changed while its job ran, so no further worker can be started;"
                    + " run the job again, and build it while it does not run");
        }
    }

    /** The ticket and the recorder's name, which are of use to one process only. */
    private final class LocalEntry implements WorkerStarter.Entry {
        private final Ticket ticket;
        private final int slot;
        private final int incarnation;
        private final @Nullable ResultArena results;

        LocalEntry(Ticket ticket, int slot, int incarnation, @Nullable ResultArena results) {
            this.ticket = ticket;
            this.slot = slot;
            this.incarnation = incarnation;
            this.results = results;
        }

        @Override
        public @Nullable ResultArena results() {
            return results;
        }

        @Override
        public void taken() {
            support.execute(() -> {
                directory.unlinkRecorder(slot, incarnation);
                ready.run();
            });
        }

        @Override
        public void withdraw() {
            hub.withdraw(ticket);
            if (results != null) {
                results.close();
            }
        }
    }

    /** One process, for the dispatcher. */
    private final class LocalProcess implements WorkerProcess {
        private final LaunchedWorker launched;
        /** The event loop's. */
        private final RecorderReader recorder;

        private final int slot;
        private final int incarnation;
        /** Written once, before the exit is told. */
        private volatile ExitStatus status = new ExitStatus(0);

        private volatile boolean alive = true;
        /** As it was last seen; by whoever looks. */
        private volatile MemoryReadings.Resident resident = MemoryReadings.Resident.UNKNOWN;

        LocalProcess(LaunchedWorker launched, RecorderReader recorder, int slot, int incarnation) {
            this.launched = launched;
            this.recorder = recorder;
            this.slot = slot;
            this.incarnation = incarnation;
        }

        /** Looks every second at its memory, which nobody can see once it is dead. */
        void lookFromNowOn() {
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
        void boundOutput(Duration after) {
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
                hub.execute(() -> boundOutput(after));
                return;
            }
            hub.execute(() -> {
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
            directory.retire(slot, incarnation);
            if (status.value() != 0) {
                // of pools that its tasks had made: it could not do that itself
                Leavings.delete(launched.pid());
            }
        }
    }
}
