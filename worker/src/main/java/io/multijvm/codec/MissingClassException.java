// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

/** A class in the bytes is not to be found by the codec's loader. */
final class MissingClassException extends RuntimeException {
    private final String missing;

    MissingClassException(String missing, Throwable cause) {
        super("class " + missing + " is missing", cause);
        this.missing = missing;
    }

    String missing() {
        return missing;
    }
}
