// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

/** A {@link SharedQueue} was shut down: nothing can be put any more, or nothing is left to take. */
public final class QueueShutDownException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** For implementations. */
    public QueueShutDownException(String message) {
        super(message);
    }
}
