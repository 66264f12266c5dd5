// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static io.multijvm.wire.mapped.ElementType.INT;

import io.multijvm.shared.SharedInt;
import io.multijvm.shared.SharedLock;

/** What users see of an {@code int}. What crosses is its handle. */
final class IntValue extends SharedInt {
    private static final long serialVersionUID = 1;

    private final transient ValueClient client;

    IntValue(ValueClient client) {
        this.client = client;
    }

    private Object writeReplace() {
        return client.writeReplace();
    }

    @Override
    public int get() {
        return (int) client.get(INT);
    }

    @Override
    public void set(int value) {
        client.set(INT, value);
    }

    @Override
    public int getAndSet(int value) {
        return (int) client.getAndSet(INT, value);
    }

    @Override
    public boolean compareAndSet(int expected, int value) {
        return client.compareAndSet(INT, expected, value);
    }

    @Override
    public int getAndAdd(int delta) {
        return (int) client.getAndAdd(INT, delta);
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
