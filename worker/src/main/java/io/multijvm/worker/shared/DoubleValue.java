// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static io.multijvm.wire.mapped.ElementType.DOUBLE;

import io.multijvm.shared.SharedDouble;
import io.multijvm.shared.SharedLock;

/** What users see of a {@code double}. What crosses is its handle. */
final class DoubleValue extends SharedDouble {
    private static final long serialVersionUID = 1;

    private final transient ValueClient client;

    DoubleValue(ValueClient client) {
        this.client = client;
    }

    private Object writeReplace() {
        return client.writeReplace();
    }

    @Override
    public double get() {
        return Double.longBitsToDouble(client.get(DOUBLE));
    }

    @Override
    public void set(double value) {
        client.set(DOUBLE, Double.doubleToRawLongBits(value));
    }

    @Override
    public double getAndSet(double value) {
        return Double.longBitsToDouble(client.getAndSet(DOUBLE, Double.doubleToRawLongBits(value)));
    }

    @Override
    public boolean compareAndSet(double expected, double value) {
        return client.compareAndSet(DOUBLE, Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(value));
    }

    @Override
    public double getAndAdd(double delta) {
        return Double.longBitsToDouble(client.getAndAdd(DOUBLE, Double.doubleToRawLongBits(delta)));
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
