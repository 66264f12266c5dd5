// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

/** What becomes of what workers write to stdout and stderr. */
public enum Output {
    /** Kept in bounded files that are the worker's own; the last lines are quoted when it dies. The default. */
    CAPTURE,
    /** Goes to this JVM's stderr, both streams, as it comes. Nothing is quoted when the worker dies. */
    INHERIT,
    /** Thrown away. Nothing is quoted when the worker dies. */
    DISCARD
}
