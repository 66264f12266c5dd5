// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PoolThreadsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void aThreadThatWaitsForItsNextItemKeepsTheLastOneNoLonger() throws InterruptedException {
        PoolThreads threads = new PoolThreads(1, PoolThreadsTest.class.getClassLoader());
        WeakReference<Object> content = run(threads);
        await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(() -> {
            System.gc();
            return content.get() == null;
        });
        threads.shutdown();
        threads.awaitEnd();
        assertThat(threads.isEnded()).isTrue();
    }

    private static WeakReference<Object> run(PoolThreads threads) throws InterruptedException {
        Object content = new Object();
        CountDownLatch ran = new CountDownLatch(1);
        threads.runItem(
                () -> {
                    assertThat(content).isNotNull();
                    ran.countDown();
                },
                0);
        ran.await();
        return new WeakReference<>(content);
    }
}
