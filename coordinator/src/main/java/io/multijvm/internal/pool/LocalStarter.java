// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.Machine;
import io.multijvm.internal.arena.ResultArena;
import io.multijvm.internal.dispatch.WorkerListener;
import io.multijvm.internal.dispatch.WorkerStarter;
import io.multijvm.internal.process.FileStamp;
import io.multijvm.internal.process.LaunchSpec;
import io.multijvm.internal.process.LaunchedWorker;
import io.multijvm.internal.process.OomKills;
import io.multijvm.internal.process.RunDirectory;
import io.multijvm.internal.process.SharedFiles;
import io.multijvm.internal.process.WorkerLauncher;
import io.multijvm.internal.transport.Greeting;
import io.multijvm.internal.transport.Hub;
import io.multijvm.internal.transport.Sharing;
import io.multijvm.wire.Bootstrap;
import io.multijvm.wire.Ticket;
import io.multijvm.wire.mapped.RecorderFile;
import io.multijvm.wire.mapped.RecorderReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Starts workers on this machine: ticket, recorder, process. */
public final class LocalStarter implements WorkerStarter {
    /** A JVM that has loaded the codec takes some 90 MiB; the work of those that are there must not be pushed out for it. */
    private static final long LEAST_MEMORY_FOR_STANDBY = 256L << 20;

    private final Hub hub;
    private final RunDirectory directory;
    private final WorkerLauncher launcher;
    private final WorkerLauncher larger;
    private final Executor support;
    private final Runnable ready;
    private final Greeting greeting;
    private final List<FileStamp> jobFiles;
    /** Only where workers run on this machine for certain; else large payloads cross in frames. */
    private final boolean sharesMemory;

    /** Starts what {@code launch} says; the first that has come in begins the making of the archive of classes. */
    public static LocalStarter of(
            Hub hub,
            RunDirectory directory,
            WorkerLauncher launcher,
            WorkerLauncher larger,
            LaunchSpec launch,
            Executor support,
            Greeting greeting) {
        return new LocalStarter(
                hub, directory, launcher, larger, support, () -> ArchiveTraining.beginIfNeeded(launch), greeting);
    }

    /**
     * @param larger starts the worker that has more heap
     * @param support for what takes time: making files and processes
     * @param ready done by support whenever a worker has come in, and thus is not waited for any more
     * @param greeting what each worker is told when it comes in
     */
    LocalStarter(
            Hub hub,
            RunDirectory directory,
            WorkerLauncher launcher,
            WorkerLauncher larger,
            Executor support,
            Runnable ready,
            Greeting greeting) {
        this.hub = hub;
        this.directory = directory;
        this.launcher = launcher;
        this.larger = larger;
        this.support = support;
        this.ready = ready;
        this.greeting = greeting;
        this.jobFiles = FileStamp.of(greeting.jobPath());
        OomKills.ofThisMachine().look(); // what was counted before has killed none of ours
        this.sharesMemory = hub.onUnixSocket() && SharedFiles.wanted();
    }

    @Override
    public void start(int slot, int incarnation, boolean withMoreHeap, WorkerListener worker, Progress progress) {
        support.execute(() -> {
            try {
                if (slot < 0 && Machine.availableMemory() < LEAST_MEMORY_FOR_STANDBY) {
                    hub.execute(progress::noRoom);
                    return;
                }
                launch(withMoreHeap ? larger : launcher, slot, incarnation, worker, progress);
            } catch (IOException | RuntimeException e) {
                hub.execute(() -> progress.failed(e));
            }
        });
    }

    @Override
    public long availableMemory() {
        return Machine.availableMemory();
    }

    private void launch(WorkerLauncher with, int slot, int incarnation, WorkerListener worker, Progress progress)
            throws IOException {
        refuseChangedJob();
        Path file = directory.recorderPath(slot, incarnation);
        RecorderFile.create(file, RecorderFile.DEFAULT_RING_BYTES);
        RecorderReader recorder = RecorderReader.open(file);
        ResultArena results = sharesMemory ? new ResultArena(SharedFiles.ofThisJvm(), support, hub::execute) : null;
        Sharing sharing = results == null ? null : new Sharing(SharedFiles.ofThisJvm(), support, results);
        Ticket ticket = hub.register(greeting, worker, sharing);
        hub.execute(() -> progress.prepared(recorder, new LocalEntry(ticket, slot, incarnation, results)));
        LaunchedWorker launched = with.launch(new Bootstrap(ticket, hub.address(), slot, incarnation, file));
        LocalProcess process =
                new LocalProcess(hub, support, launched, recorder, () -> directory.retire(slot, incarnation));
        hub.execute(() -> {
            progress.launched(process);
            process.watchFromNowOn();
        });
        var unused = launched.onExit().thenAccept(status -> {
            process.exited(status);
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
}
