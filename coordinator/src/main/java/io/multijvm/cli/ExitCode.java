// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

/** What the program tells the shell. On signals that it does not handle itself, the JVM makes it 128 and their number. */
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
    INPUT_OUTPUT(74),
    /** Ctrl-C: the items that had been given out may have finished, the others were not begun. */
    INTERRUPTED(130),
    /** The same, on SIGTERM. */
    TERMINATED(143);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** The number for the shell. */
    public int code() {
        return code;
    }
}
