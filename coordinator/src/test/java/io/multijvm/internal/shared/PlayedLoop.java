// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.dispatch.EventLoop;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * An event loop where and when the test says.
 *
 * @param inLoop what the caller is told, whoever it is
 */
record PlayedLoop(Executor thread, boolean inLoop) implements EventLoop {
    /** Everything happens in the test's thread. */
    static PlayedLoop atOnce() {
        return new PlayedLoop(Runnable::run, true);
    }

    /** Everything happens in another thread than the caller's. */
    static PlayedLoop in(Executor thread) {
        return new PlayedLoop(thread, false);
    }

    @Override
    public void execute(Runnable action) {
        thread.execute(action);
    }

    @Override
    public Timer schedule(Runnable action, Duration delay) {
        throw new AssertionError("nobody waits here");
    }

    @Override
    public long now() {
        return System.nanoTime();
    }
}
