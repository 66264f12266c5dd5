// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.failure.PayloadException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Walks over packed values, first to last. Believes nothing of what it reads. Not thread-safe. */
public final class PackedValues {
    private final PackedType type;
    private final byte[] bytes;
    private final int limit;
    private int at;

    /**
     * @param from where the first value begins
     * @param to where the last one ends
     */
    public PackedValues(PackedType type, byte[] bytes, int from, int to) {
        Objects.checkFromToIndex(from, to, bytes.length);
        this.type = type;
        this.bytes = bytes;
        this.at = from;
        this.limit = to;
    }

    /** Whether there are bytes left. */
    public boolean hasNext() {
        return at < limit;
    }

    /** Where the next value begins. */
    public int position() {
        return at;
    }

    /**
     * The next value.
     *
     * @throws PayloadException if there is none; this does not move on then
     */
    public Object next() {
        int end = end();
        Object value = type.read(bytes, at);
        at = end;
        return value;
    }

    /**
     * The next values, as many as the array takes.
     *
     * @throws PayloadException if there are fewer; where this stands is not defined then
     */
    public void next(@Nullable Object[] into) {
        if (type.fixed() > 0 && (long) into.length * type.fixed() <= limit - at) {
            type.readMany(bytes, at, into);
            at += into.length * type.fixed();
            return;
        }
        for (int i = 0; i < into.length; i++) {
            into[i] = next();
        }
    }

    /**
     * Passes over so many values.
     *
     * @throws PayloadException if there are fewer
     */
    public void skip(int count) {
        if (type.fixed() > 0 && (long) count * type.fixed() <= limit - at) {
            at += count * type.fixed();
            return;
        }
        for (int i = 0; i < count; i++) {
            at = end();
        }
    }

    private int end() {
        int end = type.end(bytes, at, limit);
        if (end < 0) {
            throw DecodeFailure.of(
                    "a " + type + " does not end within the " + (limit - at) + " bytes that are left for it", null);
        }
        return end;
    }
}
