// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Aligned words of 64 bits in memory that several processes map, with the memory effects of volatile variables: what one
 * process wrote before its store is seen by another that reads what was stored.
 */
public final class Words {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private Words() {}

    /** So many bytes, and those that are missing to the end of their last word. */
    public static long whole(long bytes) {
        return (bytes + Long.BYTES - 1) & -Long.BYTES;
    }

    public static long get(ByteBuffer memory, int at) {
        return (long) LONG.getVolatile(memory, at);
    }

    public static void set(ByteBuffer memory, int at, long value) {
        LONG.setVolatile(memory, at, value);
    }

    public static boolean compareAndSet(ByteBuffer memory, int at, long expected, long value) {
        return LONG.compareAndSet(memory, at, expected, value);
    }

    /** The value before. */
    public static long getAndAdd(ByteBuffer memory, int at, long delta) {
        return (long) LONG.getAndAdd(memory, at, delta);
    }

    /** The value before. */
    public static long getAndSet(ByteBuffer memory, int at, long value) {
        return (long) LONG.getAndSet(memory, at, value);
    }
}
