// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.child;

import io.multijvm.codec.ForyCodec;
import io.multijvm.internal.pool.LocalStarter;
import io.multijvm.internal.process.RunDirectory;
import io.multijvm.internal.process.WorkerLauncher;
import io.multijvm.internal.transport.Greeting;
import java.io.IOException;
import java.util.List;

/** Where processes begin. From any thread; returns at once, what takes time is done by support. */
final class Nursery {
    /** One of its own for each process: it goes with that one's files. */
    private static final int INCARNATION = 1;

    private static final int SLOT = 0;
    private static final int STANDBY_SLOT = -1;

    private Nursery() {}

    /** Begins to start one that gets its task at once. */
    static Child start(Home home, Blueprint like, Child.Changes changes) {
        return start(home, like, changes, SLOT);
    }

    /** Begins to start one that waits for a task, and has loaded already what most tasks need. */
    static Child startStandby(Home home, Blueprint like, Child.Changes changes) {
        return start(home, like, changes, STANDBY_SLOT);
    }

    private static Child start(Home home, Blueprint like, Child.Changes changes, int slot) {
        Child child = new Child(home, changes);
        home.support().execute(() -> {
            try {
                begin(home, like, slot, child);
            } catch (IOException | RuntimeException e) {
                home.hub().execute(() -> child.failed(e));
            }
        });
        return child;
    }

    private static void begin(Home home, Blueprint like, int slot, Child child) throws IOException {
        RunDirectory directory = RunDirectory.create();
        child.liesIn(directory);
        WorkerLauncher launcher = WorkerLauncher.ofProcesses(like.launch(), directory);
        Greeting greeting = new Greeting(ForyCodec.class.getName(), like.jobPath(), List.of());
        LocalStarter.of(home.hub(), directory, launcher, launcher, like.launch(), home.support(), greeting)
                .start(slot, INCARNATION, false, child, child);
    }
}
