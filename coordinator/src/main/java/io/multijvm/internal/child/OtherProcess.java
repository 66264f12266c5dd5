// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.child;

import io.multijvm.WorkerProcess;
import io.multijvm.failure.CrashReport;
import io.multijvm.worker.process.ThisProcess;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * This process itself, or who has started it: known by name and pid, and beyond that not in our hands. Immutable.
 *
 * @param what for messages
 */
record OtherProcess(String what, String name, long pid, boolean isDaemon) implements WorkerProcess {
    private static final String PROGRAM = "main";

    static OtherProcess self() {
        ThisProcess told = ThisProcess.told().orElse(new ThisProcess(PROGRAM, false, ""));
        return new OtherProcess(
                "this process itself", told.name(), ProcessHandle.current().pid(), told.daemon());
    }

    /** Empty in a program that Multijvm has not started. */
    static Optional<WorkerProcess> parent() {
        return ThisProcess.told()
                .flatMap(told -> ProcessHandle.current()
                        .parent()
                        .map(parent -> new OtherProcess("the parent process", told.parent(), parent.pid(), false)));
    }

    @Override
    public boolean isAlive() {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    @Override
    public OptionalInt exitCode() {
        return OptionalInt.empty();
    }

    @Override
    public Optional<CrashReport> crashReport() {
        return Optional.empty();
    }

    @Override
    public boolean isReady() {
        return false;
    }

    @Override
    public void join() {
        throw notOurs("waited for");
    }

    @Override
    public boolean join(Duration limit) {
        throw notOurs("waited for");
    }

    @Override
    public void interrupt() {
        throw notOurs("interrupted");
    }

    @Override
    public void terminate() {
        throw notOurs("terminated");
    }

    @Override
    public void kill() {
        throw notOurs("killed");
    }

    @Override
    public CompletableFuture<WorkerProcess> onExit() {
        throw notOurs("waited for");
    }

    @Override
    public Registration whenReady(Runnable action) {
        throw notOurs("waited for");
    }

    /** There is nothing to give back. */
    @Override
    public void close() {}

    private IllegalStateException notOurs(String done) {
        return new IllegalStateException(what + " (" + name + ", pid " + pid + ") cannot be " + done
                + " here: only a process that this JVM has started itself");
    }
}
