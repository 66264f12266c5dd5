// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.PoolListener;
import io.multijvm.PoolStats;
import io.multijvm.internal.dispatch.Dispatcher;
import io.multijvm.internal.result.Callbacks;
import io.multijvm.shared.Shared;
import io.multijvm.task.SerializableCallable;
import java.util.List;

/** A pool of worker JVMs in the JVM that made it: its calls, and what can be said of its workers. */
public final class ProcessEngine extends ProcessCalls {
    private final PoolParts parts;
    private final Dispatcher dispatcher;

    /** The pool's one user. */
    ProcessEngine(PoolParts parts) {
        super(parts);
        this.parts = parts;
        this.dispatcher = parts.dispatcher();
    }

    private ProcessEngine(PoolParts parts, Callbacks callbacks, Runnable giveBack) {
        super(
                parts,
                callbacks,
                user -> new PoolEnd(now -> parts.dispatcher().leave(user, now), () -> {
                    // of this user's futures alone: those of the others may take as long as their work does
                    callbacks.awaitAnswers();
                    giveBack.run();
                }));
        this.parts = parts;
        this.dispatcher = parts.dispatcher();
    }

    /**
     * A user of this pool's workers beside others: its end waits for, or drops, what it asked for itself, and leaves the
     * workers to the others.
     *
     * @param giveBack called once, when it has ended
     */
    public ProcessEngine shared(Runnable giveBack) {
        return new ProcessEngine(parts, parts.callbacks().ofOneUser(), giveBack);
    }

    /** Whether it can run nothing any more. */
    public boolean isBroken() {
        return dispatcher.isBroken();
    }

    @Override
    public <T> Shared<T> share(T value) {
        refuseIfClosed();
        return parts.shares().share(value);
    }

    @Override
    public void resize(int workers) {
        refuseIfClosed();
        dispatcher.resize(workers);
    }

    @Override
    public void restart() {
        refuseIfClosed();
        dispatcher.restart();
    }

    @Override
    public PoolStats stats() {
        return dispatcher.stats();
    }

    @Override
    public void addListener(PoolListener listener) {
        parts.news().add(listener);
    }

    @Override
    public List<SerializableCallable<?>> shutdownNow() {
        parts.refuseInLoop("shutdownNow() waits for workers");
        return stopNow()
                .<SerializableCallable<?>>flatMap(encoded -> parts.decodeOwnTask(encoded).stream())
                .toList();
    }
}
