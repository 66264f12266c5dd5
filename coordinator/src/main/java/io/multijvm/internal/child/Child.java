// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.child;

import io.multijvm.failure.CrashReport;
import io.multijvm.internal.death.Circumstances;
import io.multijvm.internal.dispatch.ProcessPort;
import io.multijvm.internal.dispatch.WorkerListener;
import io.multijvm.internal.dispatch.WorkerPort;
import io.multijvm.internal.dispatch.WorkerProcess;
import io.multijvm.internal.dispatch.WorkerStarter;
import io.multijvm.internal.process.RunDirectory;
import io.multijvm.wire.mapped.RecorderReader;
import io.multijvm.wire.mapped.ResultKind;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One JVM with a task of its own, or that is to get one. Owned by the event loop, but for what says otherwise. Its end is
 * known from the process alone: once that was reaped, the recorder is read and a support thread explains what has happened.
 *
 * <pre>
 * STARTING -- there is a process ------> LAUNCHED
 * STARTING -- there is none -----------> GONE
 * LAUNCHED -- it said hello -----------> UP
 * UP       -- it has a task -----------> TOLD      (at once, but for a standby)
 * LAUNCHED, UP, TOLD -- reaped --------> GONE
 * </pre>
 */
final class Child implements WorkerListener, WorkerStarter.Progress {
    private enum State {
        STARTING,
        LAUNCHED,
        UP,
        TOLD,
        GONE
    }

    private final Home home;
    /** Completes with its pid, or with why there is no process. Dependents run on the loop. */
    private final CompletableFuture<Long> launched = new CompletableFuture<>();
    /** Dependents run in a support thread. */
    private final CompletableFuture<End> end = new CompletableFuture<>();

    private final Changes changes;

    private State state = State.STARTING;
    /** What it is to be; null while it has no task. */
    private ProcessPort.@Nullable Person self;
    /** Encoded, until it was told. */
    private byte[] task = {};

    private @Nullable WorkerPort port;
    private @Nullable RecorderReader recorder;
    private WorkerStarter.@Nullable Entry entry;
    private boolean said;
    private boolean rehearsed;
    private boolean dropped;
    private long maxHeapBytes;
    private boolean interrupted;
    /** Written once, on the loop. */
    private volatile @Nullable WorkerProcess process;
    /** Whether {@link #kill} was called before its end was known. */
    private volatile boolean killed;
    /** Written once, before it is started. */
    private volatile @Nullable RunDirectory directory;

    /** Who wants to know how it goes; on the loop. */
    interface Changes {
        /** It has loaded what a task needs, and has none. */
        void waits(Child child);

        /** Its process was reaped, or there was none. */
        void gone(Child child);
    }

    Child(Home home, Changes changes) {
        this.home = home;
        this.changes = changes;
    }

    /** Where its files lie; before its start. From any thread. */
    void liesIn(RunDirectory files) {
        directory = files;
    }

    /** From any thread. */
    CompletableFuture<Long> launched() {
        return launched;
    }

    /** From any thread. */
    CompletableFuture<End> end() {
        return end;
    }

    /** From any thread, once it was launched. */
    long pid() {
        return launched.join();
    }

    /** Waits in the calling thread; whether it has ended by then. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        try {
            end.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("an end is never a failure", e);
        }
    }

    /** It is that from now on, and runs that task as soon as it can. */
    void give(ProcessPort.Person person, byte[] encoded) {
        self = person;
        task = encoded;
        if (state == State.UP) {
            tell(person);
        }
    }

    private void tell(ProcessPort.Person person) {
        WorkerPort to = port;
        if (to != null) {
            state = State.TOLD;
            to.run(person, task);
            task = new byte[0];
            if (interrupted) {
                to.interruptTask();
            }
            to.flush();
        }
    }

    /** Its task is interrupted as soon as it runs. */
    void interrupt() {
        interrupted = true;
        if (state == State.TOLD && port != null) {
            port.interruptTask();
            port.flush();
        }
    }

    /** It goes in order, without ever having had a task. */
    void bye() {
        if (port != null) {
            port.bye("no more processes are to be kept ready");
            port.flush();
        }
    }

    /** By SIGTERM; from any thread, once it was launched. Does nothing after its end. */
    void terminate() {
        WorkerProcess living = process;
        if (living != null && !end.isDone()) {
            living.terminate();
        }
    }

    /** With all that it has started, by SIGKILL; as {@link #terminate}. */
    void kill() {
        WorkerProcess living = process;
        if (living != null && !end.isDone()) {
            killed = true;
            living.kill();
        }
    }

    /** Whether a task can be given to it, as far as anybody knows. */
    boolean waitsForTask() {
        return state == State.UP && self == null;
    }

    /** Nothing of its files is wanted any more. From any thread. */
    void forgetFiles() {
        RunDirectory files = directory;
        if (files != null) {
            files.close();
        }
    }

    @Override
    public void prepared(RecorderReader file, WorkerStarter.Entry open) {
        recorder = file;
        entry = open;
    }

    @Override
    public void launched(WorkerProcess started) {
        process = started;
        if (state == State.STARTING) {
            // it may have said hello first
            state = State.LAUNCHED;
        }
        launched.complete(started.pid());
        if (dropped) {
            kill();
        } else if (said) {
            up();
        }
    }

    @Override
    public void noRoom() {
        failed(new IllegalStateException("there is too little memory for a process that only waits"));
    }

    @Override
    public void failed(Exception why) {
        state = State.GONE;
        release();
        home.support().execute(this::forgetFiles);
        launched.completeExceptionally(why);
        changes.gone(this);
    }

    @Override
    public void connected(WorkerPort to, long pid, String jdk, long heapBytes) {
        port = to;
        said = true;
        maxHeapBytes = heapBytes;
        if (entry != null) {
            entry.taken();
        }
        if (state == State.LAUNCHED) {
            up();
        }
    }

    private void up() {
        state = State.UP;
        ProcessPort.Person person = self;
        if (person != null) {
            tell(person);
        } else if (rehearsed) {
            changes.waits(this);
        }
    }

    @Override
    public void rehearsed() {
        rehearsed = true;
        if (state == State.UP && self == null) {
            changes.waits(this);
        }
    }

    /** It is killed, now or as soon as there is a process; it has no task. */
    void drop() {
        dropped = true;
        kill();
    }

    @Override
    public void exited() {
        state = State.GONE;
        WorkerProcess dead = process;
        if (dead == null) {
            throw new IllegalStateException("a process that was never launched has ended");
        }
        Circumstances known = known(dead);
        release();
        changes.gone(this);
        home.support().execute(() -> explain(dead, known));
    }

    private Circumstances known(WorkerProcess dead) {
        String name = self == null ? "standby" : self.name();
        return new Circumstances(
                Instant.now(),
                CrashReport.Item.ofProcess(name),
                CrashReport.Worker.ofProcess(dead.pid()),
                recorder == null ? 0 : Math.max(0, recorder.heapUsed()),
                Math.max(0, maxHeapBytes),
                recorder == null ? "" : recorder.lastWords().strip(),
                said,
                null);
    }

    private void release() {
        if (entry != null) {
            entry.withdraw();
        }
        if (recorder != null) {
            recorder.close();
        }
        port = null;
    }

    /** In a support thread. */
    private void explain(WorkerProcess dead, Circumstances known) {
        End how = dead.exitStatus() == 0
                ? End.IN_ORDER
                : End.of(dead.diagnose(known).report(), killed);
        dead.forget();
        CrashReport report = how.report();
        if (report == null) {
            forgetFilesAside();
        } else if (report.files().isEmpty()) {
            forgetFiles();
        }
        end.complete(how);
    }

    /** Who waits for the end need not wait for that; should this JVM end before, its end deletes them. */
    private void forgetFilesAside() {
        try {
            home.support().execute(this::forgetFiles);
        } catch (RejectedExecutionException e) { // the last process has long gone
            forgetFiles();
        }
    }

    @Override
    public void wanted(long pool, long id) {
        if (port != null) {
            port.shared(pool, id, null);
            port.flush();
        }
    }

    @Override
    public void refused(String why) {}

    @Override
    public void doorbell() {}

    @Override
    public void large(long chunkId, int position, ResultKind kind, long elapsedNanos, byte[] bytes) {}

    @Override
    public void givenBack(long chunkId, int first) {}

    @Override
    public void initialised(byte[] failure) {}

    @Override
    public void exitEnded(byte[] failure) {}

    @Override
    public void progress(long chunkId, int position, long nestedIndex, double fraction, String text) {}

    /** A process that lives without its stream ends itself, or is about to end. */
    @Override
    public void disconnected(String why) {
        port = null;
    }
}
