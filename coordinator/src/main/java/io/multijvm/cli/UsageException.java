// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

/** The command cannot be right. The message is one line: what, where, and what to do. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
