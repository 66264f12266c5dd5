// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static io.multijvm.wire.mapped.ElementType.DOUBLE;

import io.multijvm.shared.SharedDoubleArray;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.objects.ElementSaid;
import java.nio.ByteBuffer;
import java.util.Objects;

/** An array of {@code double}s. */
final class DoubleArrayClient extends ArrayClient implements SharedDoubleArray {
    private static final long serialVersionUID = 1;

    DoubleArrayClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner, DOUBLE);
    }

    @Override
    public double get(long index) {
        Block it = toRead();
        long at = it.at(index, 3);
        ByteBuffer memory = it.part(at);
        long bits = memory == null ? bits(new ElementSaid.Get(index)) : DOUBLE.get(memory, it.inPart(at));
        return Double.longBitsToDouble(bits);
    }

    @Override
    public void set(long index, double value) {
        Block it = toWrite();
        long at = it.at(index, 3);
        ByteBuffer memory = it.part(at);
        if (memory == null) {
            done(new ElementSaid.Set(index, Double.doubleToRawLongBits(value)));
        } else {
            DOUBLE.set(memory, it.inPart(at), Double.doubleToRawLongBits(value));
        }
    }

    @Override
    public double getAndSet(long index, double value) {
        Block it = toWrite();
        long at = it.at(index, 3);
        ByteBuffer memory = it.part(at);
        long bits = memory == null
                ? bits(new ElementSaid.GetAndSet(index, Double.doubleToRawLongBits(value)))
                : DOUBLE.getAndSet(memory, it.inPart(at), Double.doubleToRawLongBits(value));
        return Double.longBitsToDouble(bits);
    }

    @Override
    public boolean compareAndSet(long index, double expected, double value) {
        Block it = toWrite();
        long at = it.at(index, 3);
        ByteBuffer memory = it.part(at);
        return memory == null
                ? isSo(new ElementSaid.CompareAndSet(
                        index, Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(value)))
                : DOUBLE.compareAndSet(
                        memory, it.inPart(at), Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(value));
    }

    @Override
    public double getAndAdd(long index, double delta) {
        Block it = toWrite();
        long at = it.at(index, 3);
        ByteBuffer memory = it.part(at);
        long bits = memory == null
                ? bits(new ElementSaid.GetAndAdd(index, Double.doubleToRawLongBits(delta)))
                : DOUBLE.getAndAdd(memory, it.inPart(at), Double.doubleToRawLongBits(delta));
        return Double.longBitsToDouble(bits);
    }

    @Override
    public void get(long from, double[] into, int at, int count) {
        Objects.checkFromIndexSize(at, count, into.length);
        copyOut(from, count, (piece, done, n) -> piece.asDoubleBuffer().get(into, at + done, n));
    }

    @Override
    public void set(long from, double[] values, int at, int count) {
        Objects.checkFromIndexSize(at, count, values.length);
        copyIn(from, count, (piece, done, n) -> piece.asDoubleBuffer().put(values, at + done, n));
    }
}
