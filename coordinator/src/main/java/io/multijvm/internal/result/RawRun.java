// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import io.multijvm.codec.PackedType;
import io.multijvm.codec.PackedValues;
import io.multijvm.failure.PayloadException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Results of consecutive items as they arrived, packed, each from the item's first attempt. One object however many they are: it
 * is unpacked by the thread that wants the results. Immutable.
 */
public final class RawRun implements Arrived {
    private static final int AT_A_TIME = 256;

    private final long index;
    private final int count;
    private final PackedType type;
    private final byte[] bytes;
    private final int from;
    private final String where;

    private RawRun(long index, int count, PackedType type, byte[] bytes, int from, String where) {
        this.index = index;
        this.count = count;
        this.type = type;
        this.bytes = bytes;
        this.from = from;
        this.where = where;
    }

    /**
     * Results as they came.
     *
     * @param index of the first item
     * @param count how many results the bytes are by the worker's word
     * @param where the worker that made them, for messages
     * @throws PayloadException if the bytes cannot be so many
     */
    public static RawRun of(long index, int count, PackedType type, byte[] bytes, String where) {
        if (type.fixed() > 0 && (long) type.fixed() * count != bytes.length) {
            throw new PayloadException(
                    bytes.length + " bytes came from " + where + " for " + count + " results, each " + type, "", null);
        }
        return new RawRun(index, count, type, bytes, 0, where);
    }

    @Override
    public long index() {
        return index;
    }

    @Override
    public int count() {
        return count;
    }

    /** How many bytes they take together. */
    public int length() {
        return bytes.length - from;
    }

    /**
     * The results as outcomes, one by one; one that cannot be read fails when it is opened.
     */
    public Iterator<RawOutcome> outcomes() {
        return new Iterator<>() {
            private int next;
            private int at = from;

            @Override
            public boolean hasNext() {
                return next < count;
            }

            @Override
            public RawOutcome next() {
                if (next == count) {
                    throw new NoSuchElementException("a run has " + count + " results");
                }
                int end = type.end(bytes, at, bytes.length);
                RawOutcome outcome =
                        RawOutcome.packed(index + next, type, bytes, at, end < 0 ? bytes.length : end, where);
                at = end < 0 ? at : end;
                next++;
                return outcome;
            }
        };
    }

    /**
     * The first {@code n} results, of which there must be more.
     *
     * @throws PayloadException if the bytes do not hold them
     */
    public RawRun head(int n) {
        byte[] head = new byte[endOf(n) - from];
        System.arraycopy(bytes, from, head, 0, head.length);
        return new RawRun(index, Objects.checkIndex(n, count), type, head, 0, where);
    }

    /**
     * All but the first {@code n} results, of which there must be more.
     *
     * @throws PayloadException if the bytes do not hold them
     */
    public RawRun tail(int n) {
        return new RawRun(index + n, count - Objects.checkIndex(n, count), type, bytes, endOf(n), where);
    }

    private int endOf(int n) {
        PackedValues values = new PackedValues(type, bytes, from, bytes.length);
        values.skip(n);
        return values.position();
    }

    /** What they are packed as. */
    PackedType type() {
        return type;
    }

    /**
     * Copies the results as they came, for a type of fixed size.
     *
     * @throws PayloadException if the bytes do not hold just them
     */
    void copyInto(byte[] results, int at) {
        if ((long) type.fixed() * count != length()) {
            throw misfit();
        }
        System.arraycopy(bytes, from, results, at, length());
    }

    /**
     * Puts the results into an array, the first of them at {@code at}. Never on the event loop.
     *
     * @throws PayloadException if the bytes do not hold just them
     */
    void openInto(@Nullable Object[] results, int at) {
        PackedValues values = new PackedValues(type, bytes, from, bytes.length);
        for (int done = 0; done < count; ) {
            // a large array is old for the collector, and each young object stored there costs a fence; copied they do
            // not
            Object[] some = new Object[Math.min(count - done, AT_A_TIME)];
            values.next(some);
            System.arraycopy(some, 0, results, at + done, some.length);
            done += some.length;
        }
        if (values.hasNext()) {
            throw misfit();
        }
    }

    private PayloadException misfit() {
        return new PayloadException(
                "items " + index + " to " + (index + count - 1) + " have results from " + where
                        + " in more or fewer bytes than they take",
                "",
                null);
    }
}
