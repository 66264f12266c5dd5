// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static io.multijvm.wire.mapped.ElementType.BYTE;

import io.multijvm.shared.SharedByteArray;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.objects.ElementSaid;
import java.nio.ByteBuffer;
import java.util.Objects;

/** An array of {@code byte}s. */
final class ByteArrayClient extends ArrayClient implements SharedByteArray {
    private static final long serialVersionUID = 1;

    ByteArrayClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner, BYTE);
    }

    @Override
    public byte get(long index) {
        Block it = toRead();
        long at = it.at(index, 0);
        ByteBuffer memory = it.part(at);
        long bits = memory == null ? bits(new ElementSaid.Get(index)) : BYTE.get(memory, it.inPart(at));
        return (byte) bits;
    }

    @Override
    public void set(long index, byte value) {
        Block it = toWrite();
        long at = it.at(index, 0);
        ByteBuffer memory = it.part(at);
        if (memory == null) {
            done(new ElementSaid.Set(index, value));
        } else {
            BYTE.set(memory, it.inPart(at), value);
        }
    }

    @Override
    public byte getAndSet(long index, byte value) {
        Block it = toWrite();
        long at = it.at(index, 0);
        ByteBuffer memory = it.part(at);
        long bits = memory == null
                ? bits(new ElementSaid.GetAndSet(index, value))
                : BYTE.getAndSet(memory, it.inPart(at), value);
        return (byte) bits;
    }

    @Override
    public boolean compareAndSet(long index, byte expected, byte value) {
        Block it = toWrite();
        long at = it.at(index, 0);
        ByteBuffer memory = it.part(at);
        return memory == null
                ? isSo(new ElementSaid.CompareAndSet(index, expected, value))
                : BYTE.compareAndSet(memory, it.inPart(at), expected, value);
    }

    @Override
    public byte getAndAdd(long index, byte delta) {
        Block it = toWrite();
        long at = it.at(index, 0);
        ByteBuffer memory = it.part(at);
        long bits = memory == null
                ? bits(new ElementSaid.GetAndAdd(index, delta))
                : BYTE.getAndAdd(memory, it.inPart(at), delta);
        return (byte) bits;
    }

    @Override
    public void get(long from, byte[] into, int at, int count) {
        Objects.checkFromIndexSize(at, count, into.length);
        copyOut(from, count, (piece, done, n) -> piece.get(into, at + done, n));
    }

    @Override
    public void set(long from, byte[] values, int at, int count) {
        Objects.checkFromIndexSize(at, count, values.length);
        copyIn(from, count, (piece, done, n) -> piece.put(values, at + done, n));
    }
}
