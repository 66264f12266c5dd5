// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.shared.Shared;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The values that one pool shares. The handle that the caller has gives the caller's own object; one that has crossed gives
 * what tasks see, which is a single copy where this kind of pool copies. Thread-safe.
 */
final class InJvmShares extends Shared.Home {
    private final Crossing crossing;
    private final InTasks inTasks = new InTasks();
    private final long number = new SecureRandom().nextLong();
    private final AtomicLong lastId = new AtomicLong();
    private final Map<Long, Kept> values = new ConcurrentHashMap<>();

    // guarded by this
    private boolean closed;

    private record Kept(Object callers, Object tasks) {}

    /** What a handle asks that a task has got as a copy. */
    private final class InTasks extends Shared.Home {
        void open() {
            open(number);
        }

        void shut() {
            shut(number);
        }

        @Override
        protected Object value(Shared<?> handle) {
            return kept(handle).tasks();
        }

        @Override
        protected void close(Shared<?> handle) {
            InJvmShares.this.close(handle);
        }
    }

    InJvmShares(Crossing crossing) {
        this.crossing = crossing;
    }

    <T> Shared<T> share(T value) {
        Crossing.Crossed<T> crossed = crossing.shared(Objects.requireNonNull(value, "value"));
        long id = lastId.incrementAndGet();
        synchronized (this) {
            if (closed) {
                throw new RejectedExecutionException("the pool is closed; nothing can be shared with it any more");
            }
            values.put(id, new Kept(value, crossed.value()));
            inTasks.open();
        }
        return new Shared<>(number, id, crossed.bytes(), value.getClass().getTypeName(), this);
    }

    private Kept kept(Shared<?> handle) {
        Kept kept = values.get(handle.id());
        if (kept == null) {
            throw new IllegalStateException(handle + " is closed, or its pool is; share the value anew");
        }
        return kept;
    }

    @Override
    protected Object value(Shared<?> handle) {
        return kept(handle).callers();
    }

    @Override
    protected void close(Shared<?> handle) {
        values.remove(handle.id());
    }

    /** The pool's last call has ended: nothing is shared any more. */
    synchronized void closeAll() {
        closed = true;
        inTasks.shut();
        values.clear();
    }
}
