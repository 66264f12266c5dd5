// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

import org.jspecify.annotations.Nullable;

/**
 * A task, an item or a result cannot cross between JVMs. The message names the field path down to the culprit and the
 * fix. Thrown at the call where that is possible, else as the item's failure; it never costs a worker.
 */
public final class PayloadException extends MultijvmException {
    private final String path;
    private final String advice;

    public PayloadException(String message, String path, @Nullable Throwable cause) {
        this(message, path, "", cause);
    }

    public PayloadException(String message, String path, String advice, @Nullable Throwable cause) {
        super(FailureKind.PAYLOAD, message, cause);
        this.path = path;
        this.advice = advice;
    }

    /** The same of a value of this item, which the message names. */
    public PayloadException of(String item) {
        PayloadException named = new PayloadException(item + ": " + getMessage(), path, advice, getCause());
        named.setStackTrace(getStackTrace());
        return named;
    }

    /**
     * Where the culprit sits, as fields and indices from the value: {@code task.captured[0].connection}. Empty if a value
     * could not be decoded.
     */
    public String path() {
        return path;
    }

    /** What to change, as the message says it; empty if nothing is known to help. */
    public String advice() {
        return advice;
    }
}
