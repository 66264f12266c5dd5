// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

/** What becomes of what workers write to stdout and stderr. */
public enum Output {
    /**
     * Kept in files that are the worker's own, each of the last few megabytes: what is older is cut off, and a flood never holds
     * up who writes it. Each item's is told apart, see {@link io.multijvm.failure.ItemOutput}; where a worker dies, the last lines
     * of the item that ran are quoted. The default.
     */
    CAPTURE,
    /**
     * Goes to this JVM's stderr, both streams, as it comes. Nothing is quoted when the worker dies,
     * and the {@link io.multijvm.failure.ItemOutput} of its items is empty.
     */
    INHERIT,
    /** Thrown away, so that nothing is quoted and the {@link io.multijvm.failure.ItemOutput} of items is empty. */
    DISCARD
}
