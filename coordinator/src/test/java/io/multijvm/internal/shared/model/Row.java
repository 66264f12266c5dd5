// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared.model;

/** A short row of small numbers in some bits of a long: its length, then its entries. Unused entries are 0. */
record Row(int at, int lengthBits, int bits, int most) {
    int length(long from) {
        return new Field(at, lengthBits).of(from);
    }

    boolean isFull(long from) {
        return length(from) == most;
    }

    int get(long from, int index) {
        return entry(index).of(from);
    }

    long add(long into, int value) {
        int length = length(into);
        return withLength(entry(length).in(into, value), length + 1);
    }

    long addFirst(long into, int value) {
        long out = withLength(into, length(into) + 1);
        for (int i = length(into); i > 0; i--) {
            out = entry(i).in(out, get(into, i - 1));
        }
        return entry(0).in(out, value);
    }

    long set(long into, int index, int value) {
        return entry(index).in(into, value);
    }

    long remove(long from, int index) {
        int last = length(from) - 1;
        long out = from;
        for (int i = index; i < last; i++) {
            out = entry(i).in(out, get(from, i + 1));
        }
        return withLength(entry(last).in(out, 0), last);
    }

    /** The first so many. */
    long cut(long from, int length) {
        long out = from;
        for (int i = length(from) - 1; i >= length; i--) {
            out = remove(out, i);
        }
        return out;
    }

    private long withLength(long into, int length) {
        if (length > most) {
            throw new AssertionError("more than " + most + " in " + this);
        }
        return new Field(at, lengthBits).in(into, length);
    }

    private Field entry(int index) {
        if (index >= most) {
            throw new AssertionError("more than " + most + " in " + this);
        }
        return new Field(at + lengthBits + index * bits, bits);
    }
}
