// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static io.multijvm.wire.mapped.ElementType.INT;

import io.multijvm.shared.SharedBoolean;
import io.multijvm.shared.SharedLock;
import java.io.Serializable;

/** What users see of a {@code boolean}, which is an {@code int} of 0 or 1. What crosses is its handle. */
final class BooleanValue implements SharedBoolean, Serializable {
    private static final long serialVersionUID = 1;

    private final transient ValueClient client;

    BooleanValue(ValueClient client) {
        this.client = client;
    }

    private Object writeReplace() {
        return client.writeReplace();
    }

    private static int bits(boolean value) {
        return value ? 1 : 0;
    }

    @Override
    public boolean get() {
        return client.get(INT) != 0;
    }

    @Override
    public void set(boolean value) {
        client.set(INT, bits(value));
    }

    @Override
    public boolean getAndSet(boolean value) {
        return client.getAndSet(INT, bits(value)) != 0;
    }

    @Override
    public boolean compareAndSet(boolean expected, boolean value) {
        return client.compareAndSet(INT, bits(expected), bits(value));
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
