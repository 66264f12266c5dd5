// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.failure.CrashReport;
import io.multijvm.internal.child.Children;
import io.multijvm.shared.Waitable;
import io.multijvm.task.SerializableRunnable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * A process that runs one task: a JVM of its own, whose main thread is the task's. As {@code multiprocessing.Process} in
 * Python.
 *
 * <pre>{@code
 * try (WorkerProcess loader = WorkerProcess.start(() -> load(table))) {
 *     loader.join();
 *     System.out.println(loader.exitCode());
 * }
 * }</pre>
 *
 * <p>The task and what it captures are copied: the process changes its own copy, and its results have to go over something
 * shared, a file for instance. Where results are wanted, a {@link Pool} is the better choice.
 *
 * <p><b>Its end.</b> As that of any JVM: when the task has returned and the last thread has ended that is no daemon, its
 * shutdown hooks run, and its exit code is 0. What the task throws is printed on the process's stderr, and the exit code is
 * 1. {@code System.exit(n)} gives n. Whoever kills it with a signal gives it the negative number of that: {@link #exitCode}.
 * For whatever is not 0 there is a {@link #crashReport}.
 *
 * <p><b>Daemons.</b> A process that is no daemon is to a program what a thread is that is no daemon: when the main method
 * has returned, the program goes on until the process has ended. A daemon does not hold it up. Whatever still runs when this
 * JVM goes down, by {@code System.exit} or a signal as well, is told to end by SIGTERM, so that its shutdown hooks run, and
 * killed after two seconds. Where this JVM is killed, its processes end themselves within half a second, with all that they
 * have started.
 *
 * <p><b>Start.</b> A JVM takes some tenths of a second to start. {@link #standby} keeps some ready, in which a task begins
 * after some ten milliseconds.
 *
 * <p>After {@link #close} every other method throws {@code IllegalStateException}. Thread-safe.
 */
public interface WorkerProcess extends Waitable, AutoCloseable {

    /**
     * Starts a process that runs the task, with everything else as {@link #builder} has it by default. Returns when there is
     * a process, which takes some milliseconds; the task begins when its JVM is up.
     *
     * @throws io.multijvm.failure.PayloadException if the task cannot cross; names the field path, and what helps
     * @throws java.io.UncheckedIOException if no process can be started; says why
     * @throws IllegalStateException if this process stands inside of too many processes and pools
     */
    static WorkerProcess start(SerializableRunnable task) {
        return builder(task).start();
    }

    /** A process yet to be started, for name, heap and the like. */
    static WorkerProcessBuilder builder(SerializableRunnable task) {
        return new WorkerProcessBuilder(task);
    }

    /**
     * Keeps so many JVMs ready from now on, each of which becomes a process when one is started; whoever was taken is
     * replaced. They are for processes that are as {@link #builder} has them by default, whatever their names, and daemons
     * or not; others are started anew. Each takes some 70 MB. Returns at once. 0 by default: none is kept, and those that
     * wait are ended.
     *
     * @param count 0 or more
     * @throws IllegalArgumentException if it is negative
     * @throws IllegalStateException if this process stands inside of too many processes and pools
     */
    static void standby(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count must be 0 or more, not " + count);
        }
        Children.keepReady(count, WorkerProcessBuilder.defaultBlueprint());
    }

    /** How many JVMs are ready now to become processes: up to the number given to {@link #standby}. */
    static int standbysReady() {
        return Children.ready();
    }

    /**
     * This process. In the task of a {@code WorkerProcess} it has the name that was given there; in a pool's worker it is
     * called {@code pool-worker}, which is a daemon, and in a program {@code main}. It has a name and a pid and is alive; it
     * cannot be waited for or ended through this.
     */
    static WorkerProcess current() {
        return Children.current();
    }

    /**
     * Who has started this process; empty in a program that Multijvm has not started. It has a name and a pid. It cannot be
     * waited for: this process ends with it.
     */
    static Optional<WorkerProcess> parent() {
        return Children.parent();
    }

    /** The processes that this JVM has started and that have not ended, the oldest first. Without pools' workers. */
    static List<WorkerProcess> activeChildren() {
        return Children.living();
    }

    /**
     * As it was given; else {@code process-1}, {@code process-2}, and those that process-2 starts {@code process-2:1} and so
     * on.
     */
    String name();

    /** Its process id. */
    long pid();

    /** Whether it has not ended. Never waits. */
    boolean isAlive();

    /** Whether this JVM ends without waiting for it. */
    boolean isDaemon();

    /**
     * Waits, without limit, until it has ended and its end was explained.
     *
     * @throws InterruptedException if the caller is interrupted; the process goes on
     * @throws IllegalStateException of {@link #current} and {@link #parent}
     */
    void join() throws InterruptedException;

    /**
     * As {@link #join()}, for so long at most. Zero and less only look.
     *
     * @return whether it has ended
     */
    boolean join(Duration limit) throws InterruptedException;

    /**
     * 0 if all was well, the code of {@code System.exit}, or 1 where its task threw; the negative number of a signal that it
     * was ended by, as -9 of SIGKILL, -15 of {@link #terminate}, -11 of a crash in native code. Empty while it runs. 3 where
     * it ran out of memory.
     */
    OptionalInt exitCode();

    /**
     * Why its exit code is not 0: what the task threw, who called {@code System.exit}, which signal, where native code
     * crashed. Else empty.
     */
    Optional<CrashReport> crashReport();

    /**
     * Interrupts the task's thread, and returns at once. A task that waits ends by an {@code InterruptedException} then, and
     * with exit code 1, unless it catches that; see {@link Thread#interrupt}. A task that has not begun begins interrupted.
     * After its end nothing happens.
     */
    void interrupt();

    /** Asks it to end, by SIGTERM, and returns at once: its shutdown hooks run. After its end nothing happens. */
    void terminate();

    /** Ends it and all that it has started, by SIGKILL, and returns at once. After its end nothing happens. */
    void kill();

    /**
     * Completes with this process when it has ended. Its stages may take their time; those that run as soon as it completes
     * may ask the process how it ended, also when it is closed meanwhile. Completing or cancelling it does nothing to the
     * process.
     */
    CompletableFuture<WorkerProcess> onExit();

    /**
     * Waits without limit until it has ended, and gives its files back; a daemon is terminated, and killed where that takes
     * two seconds. As {@link Pool#close}. An interrupt has it ended like a daemon, and is kept. Twice is fine.
     */
    @Override
    void close();
}
