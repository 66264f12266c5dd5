// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import org.jspecify.annotations.Nullable;

/** What several commands ask of the values of their flags. */
final class Flags {
    private Flags() {}

    /** Refuses a value below {@code least}; one that was not given is right. */
    static void atLeast(int least, @Nullable Integer value, String flag) {
        if (value != null && value < least) {
            throw new UsageException(flag + " must be at least " + least + ", not " + value);
        }
    }
}
