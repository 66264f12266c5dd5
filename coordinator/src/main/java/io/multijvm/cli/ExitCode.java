// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

/** What the program tells the shell. On SIGINT and SIGTERM the JVM itself makes it 130 and 143. */
public enum ExitCode {
    /** Every item succeeded, perhaps after a retry. */
    OK(0),
    /** The run is complete, but some items failed for good. */
    ITEMS_FAILED(1),
    /** Something in the command cannot be right; nothing was run. */
    USAGE(2),
    /** The pool broke on the way: its workers died again and again. */
    STOPPED(3),
    /** No worker ever became ready. */
    NO_WORKER(5),
    /** A bug in Multijvm. */
    BUG(70),
    /** The items could not be read to their end, or the results could not be written. */
    INPUT_OUTPUT(74);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** The number for the shell. */
    public int code() {
        return code;
    }
}
