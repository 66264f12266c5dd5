// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.nested;

/** The context of an item that may ask for the pool that runs it. */
public interface Nesting {
    /** The frame of the item that runs now; the task thread's. */
    Frame frame();
}
