// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

/** Why an item has no result. */
public enum FailureKind {
    /** The task threw. */
    TASK,
    /**
     * The worker died while the item ran: a native crash, {@code System.exit}, {@code halt}, a kill; or it hung, as when it
     * was stopped by a signal, and was ended.
     */
    CRASH,
    /** The worker ran out of memory while the item ran, or took more than its pool allows. */
    OUT_OF_MEMORY,
    /** A limit was over: of the item's run, of its waiting to be begun, or of the whole call. */
    TIMEOUT,
    /** The task, the item or its result cannot cross between JVMs. */
    PAYLOAD,
    /** The item was cancelled before it had a result. */
    CANCELLED,
    /** The pool cannot run anything any more. */
    POOL_BROKEN
}
