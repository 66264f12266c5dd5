// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Manager;
import io.multijvm.shared.SharedLongArray;
import io.multijvm.shared.SharedMemory;
import java.io.IOException;

/** Has named memory of the first argument's name. Says so on stdout, and holds it until its stdin ends. */
public final class MemoryCoordinator {
    /** Of the memory. */
    public static final int BYTES = 1 << 20;

    private MemoryCoordinator() {}

    public static void main(String[] args) throws IOException {
        try (Manager manager = Manager.start()) {
            SharedMemory memory = manager.memory(args[0], BYTES);
            SharedLongArray array = manager.longArray(BYTES);
            array.set(0, 1);
            memory.buffer().putInt(8, 4711);
            System.out.println("ready");
            while (System.in.read() >= 0) {
                // until it is told to end
            }
        }
    }
}
