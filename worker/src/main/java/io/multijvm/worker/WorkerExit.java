// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

/** Exit codes by which a worker tells why it ended itself; apart from those of the JVM, of signals and of most programs. */
public enum WorkerExit {
    COORDINATOR_GONE(220, "its coordinator was gone"),
    NOT_STARTED_BY_US(221, "it was not started by a Multijvm coordinator"),
    CANNOT_CONNECT(222, "it could not connect to its coordinator"),
    NOT_WELCOME(223, "its coordinator did not let it in"),
    NOT_OUR_COORDINATOR(224, "what it connected to was not its coordinator"),
    BROKEN(225, "it found itself broken"),
    /** The JVM's own code for ExitOnOutOfMemoryError. */
    OUT_OF_MEMORY(3, "it ran out of memory");

    private final int code;
    private final String words;

    WorkerExit(int code, String words) {
        this.code = code;
        this.words = words;
    }

    public int code() {
        return code;
    }

    /** To be read after the worker's name. */
    public String words() {
        return words;
    }
}
