// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

/** Two trials came to different results, so that their times say nothing. The message is one line. */
public final class DifferentResultsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DifferentResultsException(String message) {
        super(message);
    }
}
