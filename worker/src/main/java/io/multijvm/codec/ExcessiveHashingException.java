// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

/** To decode a value would take more hashing of its keys than anybody waits for. */
final class ExcessiveHashingException extends RuntimeException {
    ExcessiveHashingException() {
        super("its keys hold each other so often that hashing them would never end");
    }
}
