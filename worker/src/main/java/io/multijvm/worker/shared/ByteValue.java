// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static io.multijvm.wire.mapped.ElementType.BYTE;

import io.multijvm.shared.SharedByte;
import io.multijvm.shared.SharedLock;

/** What users see of a {@code byte}. What crosses is its handle. */
final class ByteValue extends SharedByte {
    private static final long serialVersionUID = 1;

    private final transient ValueClient client;

    ByteValue(ValueClient client) {
        this.client = client;
    }

    private Object writeReplace() {
        return client.writeReplace();
    }

    @Override
    public byte get() {
        return (byte) client.get(BYTE);
    }

    @Override
    public void set(byte value) {
        client.set(BYTE, value);
    }

    @Override
    public byte getAndSet(byte value) {
        return (byte) client.getAndSet(BYTE, value);
    }

    @Override
    public boolean compareAndSet(byte expected, byte value) {
        return client.compareAndSet(BYTE, expected, value);
    }

    @Override
    public byte getAndAdd(byte delta) {
        return (byte) client.getAndAdd(BYTE, delta);
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
