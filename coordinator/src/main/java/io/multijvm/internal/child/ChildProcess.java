// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.child;

import io.multijvm.WorkerProcess;
import io.multijvm.failure.CrashReport;
import io.multijvm.internal.dispatch.ProcessPort;
import io.multijvm.internal.result.WhenDone;
import io.multijvm.shared.Waitable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A process that this JVM has started, for its user. Thread-safe. */
final class ChildProcess implements WorkerProcess {
    /** Between SIGTERM and SIGKILL, for one that is to end now. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Home home;
    private final ProcessPort.Person self;
    private final Child child;
    /** Completes once it counts as ended for everybody. Dependents run in a support thread. */
    private final CompletableFuture<WorkerProcess> ended = new CompletableFuture<>();

    private volatile boolean closed;

    ChildProcess(Home home, ProcessPort.Person self, Child child) {
        this.home = home;
        this.self = self;
        this.child = child;
    }

    /** Was launched: it is in the book until its end. */
    void began(Runnable atEnd) {
        home.began(this);
        var unused = child.end().thenRun(() -> {
            home.ended(this);
            atEnd.run();
            ended.complete(this);
            home.leave();
        });
    }

    Child child() {
        return child;
    }

    @Override
    public String name() {
        requireOpen();
        return self.name();
    }

    @Override
    public long pid() {
        requireOpen();
        return child.pid();
    }

    @Override
    public boolean isDaemon() {
        requireOpen();
        return self.daemon();
    }

    @Override
    public boolean isAlive() {
        requireOpen();
        return !ended.isDone();
    }

    @Override
    public void join() throws InterruptedException {
        requireOpen();
        refuseInLoop();
        try {
            ended.get();
        } catch (ExecutionException e) {
            throw new AssertionError("an end is never a failure", e);
        }
    }

    @Override
    public boolean join(Duration limit) throws InterruptedException {
        Objects.requireNonNull(limit, "limit");
        requireOpen();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (ended.isDone() || limit.isNegative() || limit.isZero()) {
            return ended.isDone();
        }
        refuseInLoop();
        return !Waitable.any(limit, List.of(this)).isEmpty();
    }

    @Override
    public OptionalInt exitCode() {
        End end = endNow();
        return end == null ? OptionalInt.empty() : OptionalInt.of(end.exitCode());
    }

    @Override
    public Optional<CrashReport> crashReport() {
        End end = endNow();
        return end == null ? Optional.empty() : Optional.ofNullable(end.report());
    }

    private @Nullable End endNow() {
        requireOpen();
        return ended.isDone() ? child.end().join() : null;
    }

    @Override
    public void interrupt() {
        requireOpen();
        if (!ended.isDone()) {
            home.hub().executeIfUp(child::interrupt);
        }
    }

    @Override
    public void terminate() {
        requireOpen();
        child.terminate();
    }

    @Override
    public void kill() {
        requireOpen();
        child.kill();
    }

    @Override
    public CompletableFuture<WorkerProcess> onExit() {
        requireOpen();
        return ended.copy();
    }

    @Override
    public boolean isReady() {
        requireOpen();
        return ended.isDone();
    }

    @Override
    public Registration whenReady(Runnable action) {
        requireOpen();
        return WhenDone.run(ended, action);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        refuseInLoop();
        if (self.daemon()) {
            endNowOrSoon();
        }
        boolean interrupted = false;
        while (!ended.isDone()) {
            try {
                ended.get();
            } catch (InterruptedException e) {
                interrupted = true;
                endNowOrSoon();
            } catch (ExecutionException e) {
                throw new AssertionError("an end is never a failure", e);
            }
        }
        closed = true;
        child.forgetFiles();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void endNowOrSoon() {
        if (!ended.isDone()) {
            child.terminate();
            var unused = home.hub().schedule(child::kill, GRACE);
        }
    }

    private void refuseInLoop() {
        if (home.hub().inLoop()) {
            throw new IllegalStateException("this waits, so it cannot be called on the event loop");
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "process " + self.name() + " was closed; ask it before that, inside of the try block for instance");
        }
    }

    @Override
    public String toString() {
        End end = ended.isDone() ? child.end().join() : null;
        String how = end == null ? "running" : "exit code " + end.exitCode();
        return "WorkerProcess[" + self.name() + ", pid " + child.pid() + ", " + how + (closed ? ", closed]" : "]");
    }
}
