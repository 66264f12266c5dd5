// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared.model;

/** Some bits of a long. */
record Field(int at, int bits) {
    Field {
        if (at < 0 || bits < 1 || at + bits > 64) {
            throw new IllegalArgumentException("no bits of a long: " + at + " + " + bits);
        }
    }

    int of(long from) {
        return (int) (from >>> at) & ((1 << bits) - 1);
    }

    boolean isIn(long from) {
        return of(from) != 0;
    }

    long in(long into, int value) {
        long mask = (1L << bits) - 1;
        if ((value & ~mask) != 0) {
            throw new AssertionError(value + " does not fit " + this);
        }
        return (into & ~(mask << at)) | ((long) value << at);
    }
}
