// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.internal.process.MemorySize;

/** A JVM accepts any -Xmx and fails later, far away; so a heap that cannot be had is refused here. */
final class Heap {
    private Heap() {}

    /** {@code heap} itself, if this machine could give it to one worker. */
    static String check(String heap) {
        long bytes = MemorySize.parse(heap).bytes();
        long machine = Machine.totalMemory();
        if (bytes > machine) {
            throw new IllegalArgumentException("heap " + heap + " is more than the " + (machine >> 20)
                    + " MiB that this machine or container has; ask for less");
        }
        return heap;
    }
}
