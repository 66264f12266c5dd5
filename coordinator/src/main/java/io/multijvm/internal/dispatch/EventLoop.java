// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** The one thread that owns all in-flight and worker state. The dispatcher knows no more of it, so tests can play it. */
public interface EventLoop {
    /** Runs {@code action} on the loop, in the order of the calls of each thread. */
    void execute(Runnable action);

    /** As {@link #execute}, but for what is of no use to a pool that has ended, and its loop with it: then it does nothing. */
    default void executeIfUp(Runnable action) {
        try {
            execute(action);
        } catch (RejectedExecutionException e) {
            // as said
        }
    }

    /**
     * As {@link #execute}, but waits until it has run. What others do because of it may reach the loop by a socket, and sockets
     * are read before actions that came first. An interrupt does not end the wait, and stays.
     */
    default void executeAndWait(Runnable action) {
        if (inLoop()) {
            action.run();
            return;
        }
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        execute(() -> {
            try {
                action.run();
            } finally {
                done.complete(true);
            }
        });
        boolean unused = done.join();
    }

    /** Runs {@code action} on the loop after a time; the handle cancels it if it has not begun. */
    Timer schedule(Runnable action, Duration delay);

    /** The time that delays are measured in, by System.nanoTime. From any thread. */
    long now();

    /** Whether the caller is the loop. */
    boolean inLoop();

    /** A scheduled action. */
    interface Timer {
        void cancel();
    }
}
