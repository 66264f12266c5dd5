// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.failure.PayloadException;

/**
 * An item that arrived, but cannot become what its task takes. For its caller that is the same as one that cannot be
 * decoded: the task itself never ran.
 */
public final class UnfitItemException extends RuntimeException {
    /** @param message which value, what it should have been, and what is wrong with it */
    public UnfitItemException(String message) {
        super(message);
    }

    PayloadException asPayload() {
        return new PayloadException(String.valueOf(getMessage()), "item", null);
    }
}
