// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

/** How this process ends. Only {@link #leave} returns, and nothing but it ends the process afterwards. */
public interface Fate {
    /** The coordinator is gone, or has dropped us: nobody hears what we do. */
    void coordinatorGone(String why);

    /** There was nobody to connect to. */
    void unreachable(String why);

    /** The coordinator does not want this worker. */
    void refused(String why);

    /** What we are connected to did not prove that it is our coordinator. */
    void impostor();

    /** The heap, or other memory, is used up. */
    void outOfMemory(OutOfMemoryError error);

    /** This cannot be, yet it is. */
    void broken(String what, Throwable why);

    /** Ends it in good order, by another thread: the coordinator has said goodbye. */
    void leave();
}
