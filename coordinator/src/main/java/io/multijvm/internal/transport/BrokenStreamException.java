// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

/** A worker said what no worker says, or what this coordinator cannot take in: its connection ends, and only that. */
final class BrokenStreamException extends Exception {
    BrokenStreamException(String what) {
        // no stack: the message says all, and a broken worker must not make the loop slow
        super(what, null, false, false);
    }

    /** What was wrong, to be shown to the user. */
    String what() {
        return String.valueOf(getMessage());
    }
}
