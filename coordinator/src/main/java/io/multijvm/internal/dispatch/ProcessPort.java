// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

/**
 * What can be said to a JVM that is no pool's worker but a process with a task of its own. Confined to the event loop;
 * nothing blocks. Does nothing by itself, for a pool's worker.
 */
public interface ProcessPort {
    /**
     * What such a process is to be.
     *
     * @param name its own
     * @param daemon whether it ends with this JVM
     * @param parent the name of this JVM
     */
    record Person(String name, boolean daemon, String parent) {}

    /** It is that, and runs the encoded task in its main thread. Once, and nothing else that a pool's worker is told. */
    default void run(Person self, byte[] task) {}

    /** Interrupts that task; one that has not begun begins so. */
    default void interruptTask() {}
}
