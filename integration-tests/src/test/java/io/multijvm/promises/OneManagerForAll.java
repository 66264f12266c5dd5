// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import io.multijvm.Manager;
import io.multijvm.Pool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What the tests of a class use: one manager and two processes, with shared memory or without. */
abstract class OneManagerForAll {
    private final String payloads;
    Pool pool;
    Manager manager;

    /** @param payloads shared or frames */
    @SuppressWarnings("NullAway.Init") // set before the first test
    OneManagerForAll(String payloads) {
        this.payloads = payloads;
    }

    @BeforeAll
    void start() {
        manager = startManager();
        pool = Pool.processes(2);
    }

    /** Another one, which shares memory or not as that of all tests. */
    final Manager startManager() {
        System.setProperty("io.multijvm.payloads", payloads);
        try {
            return Manager.start();
        } finally {
            System.clearProperty("io.multijvm.payloads");
        }
    }

    @AfterAll
    void end() {
        pool.close();
        manager.close();
    }
}
