// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static io.multijvm.wire.mapped.ElementType.LONG;

import io.multijvm.shared.SharedLock;
import io.multijvm.shared.SharedLong;

/** What users see of a {@code long}. What crosses is its handle. */
final class LongValue extends SharedLong {
    private static final long serialVersionUID = 1;

    private final transient ValueClient client;

    LongValue(ValueClient client) {
        this.client = client;
    }

    private Object writeReplace() {
        return client.writeReplace();
    }

    @Override
    public long get() {
        return client.get(LONG);
    }

    @Override
    public void set(long value) {
        client.set(LONG, value);
    }

    @Override
    public long getAndSet(long value) {
        return client.getAndSet(LONG, value);
    }

    @Override
    public boolean compareAndSet(long expected, long value) {
        return client.compareAndSet(LONG, expected, value);
    }

    @Override
    public long getAndAdd(long delta) {
        return client.getAndAdd(LONG, delta);
    }

    @Override
    public SharedLock getLock() {
        return client.itsLock();
    }

    @Override
    public void close() {
        client.closeForAll();
    }

    @Override
    public String toString() {
        return client.text(() -> String.valueOf(get()));
    }
}
