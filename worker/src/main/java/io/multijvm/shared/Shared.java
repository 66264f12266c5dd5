// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Read-only data that tasks use by a handle: made by {@code Pool.share}, captured by a task or put into an item, read with
 * {@link #get}. A handle is a few bytes; the value behind it crosses once to each worker, when a task there first asks for
 * it, whatever the number of calls. A worker that comes in place of a dead one gets it again.
 *
 * <pre>{@code
 * try (Shared<Model> model = pool.share(Model.load(path))) {
 *     List<Score> scores = pool.map(text -> model.get().score(text), texts);
 * }
 * }</pre>
 *
 * <p>What a worker has is a copy, made when the value was shared: later changes by the caller are not seen there, and what
 * a task changes is seen by that worker's later tasks alone. Change neither. A pool of threads has the caller's own
 * object, a serial one a single copy.
 *
 * <p>Thread-safe. See joblib's {@code mmap_mode} and mpire's {@code shared_objects}, which solve the same problem.
 *
 * @param <T> the value
 */
public final class Shared<T> implements AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;

    private final long home;
    private final long id;
    private final long bytes;
    private final String type;
    /** Only in the JVM that shared the value: copies that have crossed ask {@link Home#of}. */
    private final transient @Nullable Home origin;

    /**
     * For implementations of pools.
     *
     * @param home number of the pool, unlike that of any other pool of any JVM
     * @param id number of the value in its pool
     * @param bytes its encoded length
     * @param type its class, for messages
     * @param origin knows the value itself
     */
    public Shared(long home, long id, long bytes, String type, Home origin) {
        this.home = home;
        this.id = id;
        this.bytes = bytes;
        this.type = type;
        this.origin = origin;
    }

    /**
     * The value. In a task the first call in each worker waits until it has come, which counts as the item's time; later
     * calls return the same object at once.
     *
     * @throws IllegalStateException if it was closed, or its pool was, or if this is neither a worker of that pool nor the
     *     JVM that shared it
     * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits; its flag stays set
     * @throws io.multijvm.failure.PayloadException if a class of the value is missing in the worker
     */
    @SuppressWarnings("unchecked") // share() was given a T
    public T get() {
        Home found = origin == null ? Home.of(home) : origin;
        if (found == null) {
            throw new IllegalStateException(
                    this + " is not known here: it can be read by the pool's own tasks and by the"
                            + " program that shared it, until it or its pool is closed");
        }
        return (T) found.value(this);
    }

    /**
     * Frees the value here and in all workers; calls of {@link #get} fail from now on. What tasks hold already stays good.
     * Happens by itself when the pool is closed. Closing twice does nothing; does not wait.
     *
     * @throws IllegalStateException in a task: only the program that shared it can close it
     */
    @Override
    public void close() {
        if (origin == null) {
            throw new IllegalStateException(this + " can be closed only by the program that shared it");
        }
        origin.close(this);
    }

    /** How many bytes cross to each worker that asks for it. */
    public long bytes() {
        return bytes;
    }

    /** For implementations of pools: number of the pool that shared it. */
    public long home() {
        return home;
    }

    /** For implementations of pools: its number in that pool. */
    public long id() {
        return id;
    }

    @Override
    public String toString() {
        return "shared value " + id + " (" + type + ", " + bytes + " bytes)";
    }

    /** For implementations of pools: where a handle finds its value. Implementations are thread-safe. */
    public abstract static class Home {
        /** For implementations of pools. */
        protected Home() {}

        /**
         * The value of one handle.
         *
         * @throws IllegalStateException if it is not shared any more
         */
        protected abstract Object value(Shared<?> handle);

        /** It is shared no more. */
        protected abstract void close(Shared<?> handle);

        /** Handles that have crossed find {@code this} from now on by that number. */
        protected final void open(long number) {
            Homes.add(number, this);
        }

        /** Handles find nobody by that number any more. */
        protected final void shut(long number) {
            Homes.remove(number);
        }

        /** Handles of homes that are not in this JVM find {@code this} from now on: for a worker, which asks for them. */
        protected final void openToAll() {
            Homes.elsewhere(this);
        }

        private static @Nullable Home of(long number) {
            return Homes.find(number);
        }
    }
}
