// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import io.multijvm.WorkerProcess;
import io.multijvm.testkit.Signs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Processes are ready for these tests, and what their tasks do. */
abstract class ProcessesAtHand {
    @BeforeAll
    void keepOneReady() {
        WorkerProcess.standby(1);
    }

    @AfterAll
    void keepNone() {
        WorkerProcess.standby(0);
    }

    static void forEver() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    static void give(String file) {
        try {
            Signs.give(Path.of(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
