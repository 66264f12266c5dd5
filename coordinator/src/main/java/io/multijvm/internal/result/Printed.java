// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import io.multijvm.failure.ItemOutput;

/** What an item wrote to stdout and stderr, to be read by who wants to know. Thread-safe. */
@FunctionalInterface
public interface Printed {
    /** It wrote nothing, or it is not known what. */
    Printed NOTHING = () -> ItemOutput.EMPTY;

    /** The text; reads a file the first time, so never on the event loop. Always the same. */
    ItemOutput read();
}
