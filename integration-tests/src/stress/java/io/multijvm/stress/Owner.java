// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import io.multijvm.internal.process.SharedFiles;
import io.multijvm.internal.shared.ManagerCore;
import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedLatch;
import io.multijvm.worker.shared.ObjectClient;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A manager on an event loop of its own, and two clients of it in this JVM: its own program, and another that comes by a line of its
 * own with mappings and queues of its own, as another process would. Kept as long as this JVM lives: a run makes tens of
 * thousands of objects and no more than two managers.
 */
final class Owner {
    static final Owner MAPPED = new Owner(true);
    static final Owner BY_MESSAGES = new Owner(false);

    private final ManagerCore core;
    private final SecondClient second;
    /** The object of the run before. Lincheck makes one after the other. */
    private @Nullable ObjectClient last;

    private Owner(boolean mapped) {
        OneThread loop = new OneThread();
        OneThread support = new OneThread();
        core = new ManagerCore(loop, support::execute, "", mapped ? SharedFiles.ofThisJvm() : null, Owner.class);
        second = new SecondClient(loop, core.home());
    }

    /**
     * One object as both clients have it.
     *
     * @param own for the manager's own program
     * @param other for the other process
     */
    record Seen<T>(T own, T other) {
        /** As the thread of that number has it: of each three two are the program's, and meet in its own queues too. */
        T by(int thread) {
            return thread % 3 == 2 ? other : own;
        }
    }

    /** Starts both managers, if that has not been done. */
    static void startAll() {
        for (Owner owner : List.of(MAPPED, BY_MESSAGES)) {
            Seen<SharedLatch> latch = owner.next(SharedLatch.class, core -> core.latch(1));
            latch.own().countDown();
            latch.other().countDown();
        }
    }

    /** Another object; that of the run before is closed. */
    synchronized <T> Seen<T> next(Class<T> type, Function<ManagerCore, ObjectClient> make) {
        ObjectClient before = last;
        if (before != null) {
            before.closeForAll();
        }
        ObjectClient own = make.apply(core);
        last = own;
        SharedHandle handle = own.handle();
        return new Seen<>(type.cast(own.face()), type.cast(second.client(handle).face()));
    }
}
