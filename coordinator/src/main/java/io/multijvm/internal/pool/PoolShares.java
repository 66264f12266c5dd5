// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.codec.ValueCodec;
import io.multijvm.internal.dispatch.PoolSetup;
import io.multijvm.shared.Shared;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The values that one pool shares: each encoded once, and kept so until it is closed, for every worker that will ask.
 * Thread-safe.
 */
final class PoolShares extends Shared.Home implements PoolSetup.SharedValues {
    private final ValueCodec codec;
    /** Not a count: a handle may come to a JVM that has pools of its own. */
    private final long number = new SecureRandom().nextLong();

    private final AtomicLong lastId = new AtomicLong();
    private final Map<Long, Kept> values = new ConcurrentHashMap<>();

    // guarded by this
    private boolean closed;

    /** Tells the workers; set before anything is shared. */
    private volatile Unsharing unsharing = (home, id) -> {};

    /** What is to happen when a value is shared no more. */
    interface Unsharing {
        void unshare(long home, long id);
    }

    /** For this JVM, and for the workers. */
    private record Kept(Object value, Encoded encoded) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Encoded(byte[] bytes) {}

    PoolShares(ValueCodec codec) {
        this.codec = codec;
    }

    void tells(Unsharing workers) {
        unsharing = workers;
    }

    /**
     * Encodes it and keeps both.
     *
     * @throws io.multijvm.failure.PayloadException if it cannot cross
     */
    <T> Shared<T> share(T value) {
        byte[] bytes = codec.encode(Objects.requireNonNull(value, "value"), "shared value");
        long id = lastId.incrementAndGet();
        synchronized (this) {
            if (closed) {
                throw new RejectedExecutionException("the pool is closed; nothing can be shared with it any more");
            }
            values.put(id, new Kept(value, new Encoded(bytes)));
            open(number);
        }
        return new Shared<>(number, id, bytes.length, value.getClass().getTypeName(), this);
    }

    @Override
    public byte @Nullable [] find(long home, long id) {
        Kept kept = home == number ? values.get(id) : null;
        return kept == null ? null : kept.encoded().bytes();
    }

    @Override
    protected Object value(Shared<?> handle) {
        Kept kept = values.get(handle.id());
        if (kept == null) {
            throw new IllegalStateException(handle + " is closed, or its pool is; share the value anew");
        }
        return kept.value();
    }

    @Override
    protected void close(Shared<?> handle) {
        if (values.remove(handle.id()) != null) {
            unsharing.unshare(number, handle.id());
        }
    }

    /** The pool is closed: nothing is shared any more. */
    synchronized void closeAll() {
        closed = true;
        shut(number);
        values.clear();
    }
}
