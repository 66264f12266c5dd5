// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

/** How the memory of an object that was closed was left by its clients. */
enum LeftBy {
    /** Nobody ever opened it. */
    NOBODY,
    /** All who had opened it have said that they touch it no more, or have ended. */
    ALL,
    /** Its manager is closed, and some may touch it still: be it threads of its own program. */
    SOME_USE_IT;

    /** What is done with the memory then. From the event loop; must not wait. */
    interface Memory {
        void left(LeftBy how);
    }
}
