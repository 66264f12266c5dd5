// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import org.junit.jupiter.api.AfterEach;

/** Everything goes through the owner. */
class LockWithoutSharedMemoryTest extends LockContract {
    private static final String PROPERTY = "io.multijvm.payloads";

    private final String before = System.getProperty(PROPERTY, "");

    @Override
    void prepare() {
        System.setProperty(PROPERTY, "frames");
    }

    @AfterEach
    void restore() {
        System.setProperty(PROPERTY, before);
    }
}
