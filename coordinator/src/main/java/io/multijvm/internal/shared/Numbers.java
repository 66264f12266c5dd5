// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

/** What the numbers of new objects may be. */
final class Numbers {
    private Numbers() {}

    static void atLeast(long least, long value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
        }
    }
}
