// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.context;

import io.multijvm.task.TaskContext;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The part of a task's context that is the same in every kind of pool. Whoever runs items says when one begins and what
 * its seed is; an object may serve one item after the other.
 */
public abstract class ItemContext extends TaskContext {
    /** How far above 1 the sum of a task's parts may come. */
    private static final double ROUNDING = 1e-9;

    private final AbortListeners listeners = new AbortListeners();
    // the task thread's
    private long seed;
    private @Nullable Random random;

    protected ItemContext() {}

    /** An item begins, or begins again: nobody listens, nothing was drawn. */
    protected final void begins(long itemSeed) {
        listeners.reset();
        seed = itemSeed;
        random = null;
    }

    /** The item has ended: what it wanted done when it is to stop is of no use any more. */
    protected final void ended() {
        listeners.reset();
    }

    /** Whether anybody listens for the item's stop, or it was stopped. */
    protected final boolean isListened() {
        return listeners.isTouched();
    }

    /**
     * The item is to stop: its listeners run, and then {@code interrupt}.
     *
     * @param interrupt must do nothing if the item has ended meanwhile; from any thread
     */
    protected final void abort(Runnable interrupt) {
        listeners.abort(interrupt);
    }

    /** What the worker that runs the item keeps. */
    protected abstract WorkerState workerState();

    @Override
    public String workerId() {
        return slot() + "." + incarnation();
    }

    @Override
    public void onAbort(Runnable listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public <T> T state(Object key, Supplier<? extends T> first) {
        return workerState().get(key, first);
    }

    @Override
    public Random random() {
        Random known = random;
        if (known == null) {
            known = new Random(seed);
            random = known;
        }
        return known;
    }

    @Override
    public void progress(double fraction, String text) {
        if (!(fraction >= 0 && fraction <= 1 + ROUNDING)) {
            throw new IllegalArgumentException("fraction must be 0 to 1, not " + fraction);
        }
        Objects.requireNonNull(text, "text");
        said(Math.min(1, fraction), cut(text));
    }

    private static String cut(String text) {
        if (text.length() <= MOST_PROGRESS_TEXT) {
            return text;
        }
        boolean inTheMiddle = Character.isHighSurrogate(text.charAt(MOST_PROGRESS_TEXT - 1));
        return text.substring(0, inTheMiddle ? MOST_PROGRESS_TEXT - 1 : MOST_PROGRESS_TEXT);
    }

    /** The task says how far the item is; checked. From any thread; must not wait. */
    protected abstract void said(double fraction, String text);

    @Override
    public System.Logger logger() {
        long index = itemIndex();
        return ItemLogger.of("worker " + workerId() + (index < 0 ? "" : ", item " + index));
    }
}
