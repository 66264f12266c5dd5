// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager;
import io.multijvm.WorkerProcess;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedLock;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedQueue;
import io.multijvm.shared.SharedReference;
import io.multijvm.shared.SharedSemaphore;
import io.multijvm.testkit.PromiseTest;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Processes that a program starts by itself, and those that they start, use its objects as the tasks of pools do. */
@PromiseTest
class ProcessesShareTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int TIMES = 500;

    /** What is sent through a reference, and holds handles itself. */
    record Counted(SharedLong count, SharedLock lock) implements Serializable {
        /** Two operations, so that it is right only if nobody comes between. */
        void count(int times) {
            for (int i = 0; i < times; i++) {
                lock.lock();
                try {
                    count.set(count.get() + 1);
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    /** Of a manager in a process. */
    record Theirs(SharedEvent event, SharedQueue<String> queue) implements Serializable {}

    @Test
    void objectsReachGrandchildrenThroughOtherObjects() throws Exception {
        try (Manager manager = Manager.start()) {
            Counted counted = new Counted(manager.longValue(0), manager.lock());
            SharedReference<Counted> sent = manager.reference(counted);
            try (WorkerProcess child = WorkerProcess.start(() -> {
                try (WorkerProcess grandchild =
                        WorkerProcess.start(() -> sent.get().count(TIMES))) {
                    sent.get().count(TIMES);
                    grandchild.join();
                    if (grandchild.exitCode().orElse(-1) != 0) {
                        throw new IllegalStateException("grandchild: " + grandchild.crashReport());
                    }
                }
            })) {
                counted.count(TIMES);
                assertThat(child.join(PATIENCE)).isTrue();
                assertThat(child.exitCode()).as(child.crashReport().toString()).hasValue(0);
            }
            assertThat(counted.count().get()).isEqualTo(3L * TIMES);
        }
    }

    @Test
    void whatAKilledProcessHeldIsFreeAtOnce() throws Exception {
        try (Manager manager = Manager.start()) {
            SharedLock lock = manager.lock();
            SharedSemaphore permits = manager.boundedSemaphore(2);
            SharedEvent inside = manager.event();
            try (WorkerProcess holder = WorkerProcess.start(() -> {
                lock.lock();
                permits.acquire(2);
                inside.set();
                new CountDownLatch(1).await();
            })) {
                assertThat(inside.await(PATIENCE)).isTrue();
                assertThat(manager.locks())
                        .singleElement()
                        .satisfies(held -> assertThat(held.holder()).contains("pid " + holder.pid()));
                long killed = System.nanoTime();
                holder.kill();
                assertThat(lock.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                        .isTrue();
                long free = System.nanoTime() - killed;
                assertThat(lock.previousOwnerDied()).isTrue();
                lock.unlock();
                assertThat(permits.tryAcquire(2, PATIENCE)).isTrue();
                System.out.printf("lock of a killed process: free after %d ms%n", TimeUnit.NANOSECONDS.toMillis(free));
            }
        }
    }

    @Test
    void aProcessHasAManagerOfItsOwnAndItsObjectsEndWithIt() throws Exception {
        try (Manager manager = Manager.start()) {
            SharedReference<List<Theirs>> theirs = manager.reference(List.of());
            SharedEvent made = manager.event();
            SharedEvent seen = manager.event();
            try (WorkerProcess owner = WorkerProcess.start(() -> {
                Manager own = Manager.start();
                SharedEvent event = own.event();
                SharedQueue<String> queue = own.queue();
                queue.put("made there");
                theirs.set(List.of(new Theirs(event, queue)));
                made.set();
                event.await();
                seen.set();
                new CountDownLatch(1).await();
            })) {
                assertThat(made.await(PATIENCE)).isTrue();
                SharedEvent event = theirs.get().get(0).event();
                SharedQueue<String> queue = theirs.get().get(0).queue();
                assertThat(queue.take()).isEqualTo("made there");
                event.set();
                assertThat(seen.await(PATIENCE)).isTrue();
                owner.kill();
                owner.join();
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThatThrownBy(event::isSet)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("owner"));
                // they are told one after the other
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThatThrownBy(queue::isEmpty).isInstanceOf(IllegalStateException.class));
            }
        }
    }
}
