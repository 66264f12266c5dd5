// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static io.multijvm.wire.mapped.ElementType.INT;

import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedIntArray;
import io.multijvm.wire.objects.ElementSaid;
import java.nio.ByteBuffer;
import java.util.Objects;

/** An array of {@code int}s. */
final class IntArrayClient extends ArrayClient implements SharedIntArray {
    private static final long serialVersionUID = 1;

    IntArrayClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner, INT);
    }

    @Override
    public int get(long index) {
        Block it = toRead();
        long at = it.at(index, 2);
        ByteBuffer memory = it.part(at);
        long bits = memory == null ? bits(new ElementSaid.Get(index)) : INT.get(memory, it.inPart(at));
        return (int) bits;
    }

    @Override
    public void set(long index, int value) {
        Block it = toWrite();
        long at = it.at(index, 2);
        ByteBuffer memory = it.part(at);
        if (memory == null) {
            done(new ElementSaid.Set(index, value));
        } else {
            INT.set(memory, it.inPart(at), value);
        }
    }

    @Override
    public int getAndSet(long index, int value) {
        Block it = toWrite();
        long at = it.at(index, 2);
        ByteBuffer memory = it.part(at);
        long bits = memory == null
                ? bits(new ElementSaid.GetAndSet(index, value))
                : INT.getAndSet(memory, it.inPart(at), value);
        return (int) bits;
    }

    @Override
    public boolean compareAndSet(long index, int expected, int value) {
        Block it = toWrite();
        long at = it.at(index, 2);
        ByteBuffer memory = it.part(at);
        return memory == null
                ? isSo(new ElementSaid.CompareAndSet(index, expected, value))
                : INT.compareAndSet(memory, it.inPart(at), expected, value);
    }

    @Override
    public int getAndAdd(long index, int delta) {
        Block it = toWrite();
        long at = it.at(index, 2);
        ByteBuffer memory = it.part(at);
        long bits = memory == null
                ? bits(new ElementSaid.GetAndAdd(index, delta))
                : INT.getAndAdd(memory, it.inPart(at), delta);
        return (int) bits;
    }

    @Override
    public void get(long from, int[] into, int at, int count) {
        Objects.checkFromIndexSize(at, count, into.length);
        copyOut(from, count, (piece, done, n) -> piece.asIntBuffer().get(into, at + done, n));
    }

    @Override
    public void set(long from, int[] values, int at, int count) {
        Objects.checkFromIndexSize(at, count, values.length);
        copyIn(from, count, (piece, done, n) -> piece.asIntBuffer().put(values, at + done, n));
    }
}
