// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.Shared;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Shared values of this worker: asked for when a task first wants one, decoded in that task's thread, kept until the
 * coordinator says that they are shared no more. Thread-safe.
 */
final class FetchedValues extends Shared.Home {
    private final ValueCodec codec;
    private final Function<Key, Future<byte @Nullable []>> ask;
    private final Map<Key, Copy> copies = new ConcurrentHashMap<>();

    /**
     * @param home number of the pool that shared it
     * @param id number in that pool
     */
    record Key(long home, long id) {}

    /** The value in this worker. Its lock is held by the one thread that fetches it. */
    private static final class Copy {
        final ReentrantLock lock = new ReentrantLock();
        volatile @Nullable Object value;
    }

    /** @param ask asks the coordinator; the answer is null where the value is shared no more */
    FetchedValues(ValueCodec codec, Function<Key, Future<byte @Nullable []>> ask) {
        this.codec = codec;
        this.ask = ask;
    }

    /** Handles in this JVM find their values here from now on. */
    void serve() {
        openToAll();
    }

    /** The value is shared no more; tasks that have it keep it. */
    void drop(Key key) {
        copies.remove(key);
    }

    @Override
    protected Object value(Shared<?> handle) {
        Key key = new Key(handle.home(), handle.id());
        Copy copy = copies.computeIfAbsent(key, unknown -> new Copy());
        Object value = copy.value;
        return value == null ? fetched(handle, key, copy) : value;
    }

    private Object fetched(Shared<?> handle, Key key, Copy copy) {
        try {
            copy.lock.lockInterruptibly();
            try {
                Object value = copy.value;
                if (value == null) {
                    value = decode(handle, ask.apply(key).get());
                    copy.value = value;
                }
                return value;
            } finally {
                copy.lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException)
                    new CancellationException("interrupted while waiting for " + handle).initCause(e);
        } catch (ExecutionException e) {
            throw new AssertionError("the answer is a value or none", e);
        }
    }

    private Object decode(Shared<?> handle, byte @Nullable [] bytes) {
        Object value = bytes == null ? null : codec.decode(bytes, 0, bytes.length);
        if (value == null) {
            throw new IllegalStateException(
                    handle + " is closed, or was shared by another pool than the one that runs this"
                            + " task: close it only when the tasks that use it have ended, and share it with the pool that runs them");
        }
        return value;
    }

    @Override
    protected void close(Shared<?> handle) {
        throw new IllegalStateException(handle + " can be closed only by the program that shared it");
    }
}
