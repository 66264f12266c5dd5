// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.child;

import io.multijvm.WorkerProcess;
import io.multijvm.failure.CrashReport;
import io.multijvm.internal.dispatch.ProcessPort;
import io.multijvm.internal.result.WhenDone;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process that this JVM has started, for its user. Thread-safe. */
final class ChildProcess implements WorkerProcess {
    /** Between SIGTERM and SIGKILL, for one that is to end now. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Home home;
    private final ProcessPort.Person self;
    private final Child child;
    /** Down once it counts as ended for everybody. */
    private final CountDownLatch over = new CountDownLatch(1);
    /**
     * Completes then. Dependents run in a support thread, and for that nobody here waits for it: who waits for a future
     * runs what others want done at its end.
     */
    private final CompletableFuture<WorkerProcess> ended = new CompletableFuture<>();
    /** Who runs those dependents just now. */
    private volatile @Nullable Thread teller;

    private volatile boolean closed;

    ChildProcess(Home home, ProcessPort.Person self, Child child) {
        this.home = home;
        this.self = self;
        this.child = child;
    }

    private boolean isOver() {
        return over.getCount() == 0;
    }

    /** Was launched: it is in the book until its end. */
    void began(Runnable atEnd) {
        home.began(this);
        var unused = child.end().thenRun(() -> {
            home.ended(this);
            atEnd.run();
            over.countDown();
            teller = Thread.currentThread();
            ended.complete(this);
            teller = null;
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
        return !isOver();
    }

    @Override
    public void join() throws InterruptedException {
        requireOpen();
        refuseInLoop();
        if (!isOver()) { // an interrupt ends only what has to wait
            over.await();
        }
    }

    @Override
    public boolean join(Duration limit) throws InterruptedException {
        Objects.requireNonNull(limit, "limit");
        requireOpen();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (isOver() || limit.isNegative() || limit.isZero()) {
            return isOver();
        }
        refuseInLoop();
        return over.await(TimeUnit.NANOSECONDS.convert(limit), TimeUnit.NANOSECONDS);
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
        return isOver() ? child.end().join() : null;
    }

    @Override
    public void interrupt() {
        requireOpen();
        if (!isOver()) {
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
        return isOver();
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
        while (!isOver()) {
            try {
                over.await();
            } catch (InterruptedException e) {
                interrupted = true;
                endNowOrSoon();
            }
        }
        closed = true;
        child.forgetFiles();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void endNowOrSoon() {
        if (!isOver()) {
            child.terminate();
            var unused = home.hub().schedule(child::kill, GRACE);
        }
    }

    private void refuseInLoop() {
        if (home.hub().inLoop()) {
            throw new IllegalStateException("this waits, so it cannot be called on the event loop");
        }
    }

    /** Who is told of the end may come to ask how it was when who waited for it has closed this already. */
    private void requireOpen() {
        if (closed && Thread.currentThread() != teller) {
            throw new IllegalStateException(
                    "process " + self.name() + " was closed; ask it before that, inside of the try block for instance");
        }
    }

    @Override
    public String toString() {
        End end = isOver() ? child.end().join() : null;
        String how = end == null ? "running" : "exit code " + end.exitCode();
        return "WorkerProcess[" + self.name() + ", pid " + child.pid() + ", " + how + (closed ? ", closed]" : "]");
    }
}
