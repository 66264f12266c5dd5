// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

/** Hears the bell of this process. From the thread that selects, or that of whoever rings in this process; must not wait. */
public interface BellTarget {
    /** Who waits at that end is to look again. */
    void rung(long pipe, boolean right);

    /** The bell of that client could not be rung. */
    void notRung(long pipe, boolean right);
}
