// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

/**
 * What a worker left or sent is not what a worker of ours writes: its memory is damaged, or the file is. Unchecked,
 * because only the one place that decides about the worker can do anything about it: end it.
 */
public final class CorruptRingException extends RuntimeException {
    public CorruptRingException(String message) {
        super(message);
    }

    public CorruptRingException(String message, Throwable cause) {
        super(message, cause);
    }
}
