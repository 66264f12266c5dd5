// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.wire.arena.WideFile;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The files of a manager's arrays that are closed and that nobody uses any more, until they are cut. They rest before that, as
 * cells do: a touch behind the end of a file may end a JVM. Thread-safe.
 */
final class RestingFiles {
    /** Guarded by this; null after the end. */
    private @Nullable Set<WideFile> resting = new HashSet<>();

    /** Makes a file. */
    interface Making {
        WideFile make() throws IOException;
    }

    /**
     * Makes one; if there is no room there may be as soon as what was closed just now has rested.
     *
     * @throws IOException if there is none then either
     */
    WideFile make(Making making) throws IOException {
        try {
            return making.make();
        } catch (IOException e) {
            if (!awaitCut(CellStore.REST.multipliedBy(2))) {
                throw e;
            }
            return making.make();
        }
    }

    /** Whether some rest now, so that there will be more room. */
    synchronized boolean anyRests() {
        return resting != null && !resting.isEmpty();
    }

    /** @param later runs it when the file has rested long enough */
    void rest(WideFile file, Executor later) {
        synchronized (this) {
            if (resting != null) {
                resting.add(file);
                later.execute(() -> cut(file));
                return;
            }
        }
        file.free(false);
    }

    private void cut(WideFile file) {
        synchronized (this) {
            if (resting == null) {
                return;
            }
        }
        file.free(true);
        synchronized (this) {
            if (resting != null) {
                resting.remove(file);
                notifyAll();
            }
        }
    }

    /**
     * Waits until what rests now has been cut, for those who need its room. An interrupt does not end the wait, and stays.
     *
     * @return false if nothing rested
     */
    synchronized boolean awaitCut(Duration limit) {
        Set<WideFile> now = resting == null ? Set.of() : Set.copyOf(resting);
        long end = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        for (long left = limit.toNanos();
                left > 0 && resting != null && !Collections.disjoint(resting, now);
                left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !now.isEmpty();
    }

    /** There is no later: their memory is free with their last mapping. */
    void close() {
        List<WideFile> left;
        synchronized (this) {
            left = resting == null ? List.of() : List.copyOf(resting);
            resting = null;
            notifyAll();
        }
        left.forEach(file -> file.free(false));
    }
}
