// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static io.multijvm.wire.mapped.ElementType.LONG;

import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedLongArray;
import io.multijvm.wire.objects.ElementSaid;
import java.nio.ByteBuffer;
import java.util.Objects;

/** An array of {@code long}s. */
final class LongArrayClient extends ArrayClient implements SharedLongArray {
    private static final long serialVersionUID = 1;

    LongArrayClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner, LONG);
    }

    @Override
    public long get(long index) {
        Block it = toRead();
        long at = it.at(index, 3);
        ByteBuffer memory = it.part(at);
        long bits = memory == null ? bits(new ElementSaid.Get(index)) : LONG.get(memory, it.inPart(at));
        return bits;
    }

    @Override
    public void set(long index, long value) {
        Block it = toWrite();
        long at = it.at(index, 3);
        ByteBuffer memory = it.part(at);
        if (memory == null) {
            done(new ElementSaid.Set(index, value));
        } else {
            LONG.set(memory, it.inPart(at), value);
        }
    }

    @Override
    public long getAndSet(long index, long value) {
        Block it = toWrite();
        long at = it.at(index, 3);
        ByteBuffer memory = it.part(at);
        long bits = memory == null
                ? bits(new ElementSaid.GetAndSet(index, value))
                : LONG.getAndSet(memory, it.inPart(at), value);
        return bits;
    }

    @Override
    public boolean compareAndSet(long index, long expected, long value) {
        Block it = toWrite();
        long at = it.at(index, 3);
        ByteBuffer memory = it.part(at);
        return memory == null
                ? isSo(new ElementSaid.CompareAndSet(index, expected, value))
                : LONG.compareAndSet(memory, it.inPart(at), expected, value);
    }

    @Override
    public long getAndAdd(long index, long delta) {
        Block it = toWrite();
        long at = it.at(index, 3);
        ByteBuffer memory = it.part(at);
        long bits = memory == null
                ? bits(new ElementSaid.GetAndAdd(index, delta))
                : LONG.getAndAdd(memory, it.inPart(at), delta);
        return bits;
    }

    @Override
    public void get(long from, long[] into, int at, int count) {
        Objects.checkFromIndexSize(at, count, into.length);
        copyOut(from, count, (piece, done, n) -> piece.asLongBuffer().get(into, at + done, n));
    }

    @Override
    public void set(long from, long[] values, int at, int count) {
        Objects.checkFromIndexSize(at, count, values.length);
        copyIn(from, count, (piece, done, n) -> piece.asLongBuffer().put(values, at + done, n));
    }
}
