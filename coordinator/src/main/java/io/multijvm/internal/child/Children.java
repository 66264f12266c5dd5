// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.child;

import io.multijvm.WorkerProcess;
import io.multijvm.internal.dispatch.ProcessPort;
import io.multijvm.worker.process.ThisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The processes of this JVM, for its users. Thread-safe. */
public final class Children {
    private static final AtomicLong NAMES = new AtomicLong();

    /** For those that nobody waits for to come up. */
    private static final Child.Changes NOBODY = new Child.Changes() {
        @Override
        public void waits(Child child) {}

        @Override
        public void gone(Child child) {}
    };

    private Children() {}

    /**
     * Starts a process, from one that is kept ready if there is such a one; returns when it has a pid.
     *
     * @param name null for the next number
     * @param daemon null for what this process is itself
     * @param task encoded
     * @throws IllegalStateException if no process could be started
     */
    public static WorkerProcess start(Blueprint like, @Nullable String name, @Nullable Boolean daemon, byte[] task) {
        Optional<ThisProcess> self = ThisProcess.told();
        String own = self.map(ThisProcess::name).orElse(OtherProcess.self().name());
        ProcessPort.Person person = new ProcessPort.Person(
                name == null ? nextName(self) : name,
                daemon == null ? self.map(ThisProcess::daemon).orElse(false) : daemon,
                own);
        if (!person.daemon()) {
            Keeper.hold();
        }
        boolean begun = false;
        Home home = Home.enter();
        try {
            if (home.hub().inLoop()) {
                throw new IllegalStateException("this waits for a process, so it cannot be called on the event loop");
            }
            Child child = launched(home, like, person, task);
            ChildProcess process = new ChildProcess(home, person, child);
            process.began(person.daemon() ? () -> {} : Keeper::letGo);
            begun = true;
            return process;
        } finally {
            if (!begun) {
                home.leave();
                if (!person.daemon()) {
                    Keeper.letGo();
                }
            }
        }
    }

    /** As threads are named; with the parent's name in front where that is such a process as well. */
    private static String nextName(Optional<ThisProcess> self) {
        long number = NAMES.incrementAndGet();
        return self.filter(told -> !told.equals(ThisProcess.POOL_WORKER))
                .map(told -> told.name() + ":" + number)
                .orElse("process-" + number);
    }

    private static Child launched(Home home, Blueprint like, ProcessPort.Person person, byte[] task) {
        CompletableFuture<Child> chosen = new CompletableFuture<>();
        home.hub().execute(() -> {
            Standbys standbys = Standbys.ofLike(like);
            Child ready = standbys == null ? null : standbys.take();
            Child child = ready == null ? Nursery.start(home, like, NOBODY) : ready;
            child.give(person, task);
            chosen.complete(child);
        });
        Child child = chosen.join();
        try {
            // some milliseconds; an interrupt is kept for afterwards
            child.launched().join();
        } catch (CompletionException e) {
            throw notStarted(person.name(), e.getCause() == null ? e : e.getCause());
        }
        return child;
    }

    private static RuntimeException notStarted(String name, Throwable why) {
        String message = "process " + name + " could not be started: " + why.getMessage();
        return why instanceof IOException io
                ? new UncheckedIOException(message, io)
                : new IllegalStateException(message, why);
    }

    /** How many are kept ready from now on; 0 for none. Returns at once. */
    public static void keepReady(int count, Blueprint like) {
        Standbys.keep(count, like);
    }

    /** How many are ready now. */
    public static int ready() {
        return Standbys.readyNow();
    }

    /** Those that live, the oldest first. */
    public static List<WorkerProcess> living() {
        return List.copyOf(Home.livingNow());
    }

    /** This process. */
    public static WorkerProcess current() {
        return OtherProcess.self();
    }

    /** Who has started this process; empty for a program that Multijvm has not started. */
    public static Optional<WorkerProcess> parent() {
        return OtherProcess.parent();
    }
}
