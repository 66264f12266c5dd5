// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import io.multijvm.Manager;
import io.multijvm.Pool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What each test uses: a manager of its own, and three processes that all tests of a class have in common. */
abstract class EachItsManager {
    Pool pool = unopened();
    Manager manager = unstarted();

    @SuppressWarnings("NullAway") // set before the first test
    private static Pool unopened() {
        return null;
    }

    @SuppressWarnings("NullAway") // set before each test
    private static Manager unstarted() {
        return null;
    }

    /** Before a manager is made. */
    void prepare() {}

    @BeforeEach
    void start() {
        if (pool == null) {
            pool = Pool.processes(3);
        }
        prepare();
        manager = Manager.start();
    }

    @AfterEach
    void stop() {
        manager.close();
    }

    @AfterAll
    void close() {
        pool.close();
    }
}
