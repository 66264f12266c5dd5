// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

/**
 * The other end of a pipe is closed: by its process, because that has ended, or has broken the connection. Thrown by what
 * receives, once everything was received that had been sent as a whole, and by what sends. The message says how it came. As
 * {@code EOFError} and {@code BrokenPipeError} in Python.
 */
public class PipeClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** For implementations: says which pipe, and how it came. */
    public PipeClosedException(String message) {
        super(message);
    }
}
