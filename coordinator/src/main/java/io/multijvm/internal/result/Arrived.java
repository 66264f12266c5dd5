// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

/** Raw outcomes that came together: one, or those of consecutive items. */
sealed interface Arrived permits RawOutcome, RawRun {
    /** Index of the first item. */
    long index();

    /** How many items. */
    int count();

    /** Nobody will open it: what it holds in shared memory is free. */
    default void release() {}
}
