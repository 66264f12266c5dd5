// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

/** What stops a run politely: its items may finish. */
enum StopSignal {
    INT(ExitCode.INTERRUPTED, "Ctrl-C again to stop now"),
    TERM(ExitCode.TERMINATED, "a second SIGTERM stops now");

    private final ExitCode exitCode;
    private final String stopNow;

    StopSignal(ExitCode exitCode, String stopNow) {
        this.exitCode = exitCode;
        this.stopNow = stopNow;
    }

    /** 128 and the signal's number, as shells have it. */
    ExitCode exitCode() {
        return exitCode;
    }

    /** What the user can do to wait no longer. */
    String stopNow() {
        return stopNow;
    }

    @Override
    public String toString() {
        return "SIG" + name();
    }
}
