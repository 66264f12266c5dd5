// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

/** Why a worker process ended. Only {@link #DIED} and {@link #NOT_STARTED} are failures. */
public enum WorkerEnd {
    /** It had run as many items, grown as old or taken as much memory as the options allow, and was replaced. */
    RECYCLED,
    /** {@link Pool#resize} made the pool smaller. */
    RESIZED,
    /** {@link Pool#restart} had it replaced. */
    RESTARTED,
    /** A worker with more heap took its place, or it was that one and is needed no more, see {@link ProcessOptions#retryHeap}. */
    REPLACED,
    /** It had nothing to do for as long as {@link ProcessOptions#idleTimeout} says. */
    IDLE,
    /** The pool was closed, terminated or broken. */
    CLOSED,
    /** An item that was cancelled, or whose time was over, did not stop otherwise. */
    STOPPED,
    /** It never said hello. */
    NOT_STARTED,
    /** It ended by itself, by a fault, or by somebody else's hand. */
    DIED
}
