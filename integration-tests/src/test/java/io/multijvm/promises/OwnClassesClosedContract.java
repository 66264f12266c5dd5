// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.TaskFuture;
import io.multijvm.shared.SharedBarrier;
import io.multijvm.shared.SharedEvent;
import io.multijvm.task.SerializableCallable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An object of a user's own class comes to its end once, whoever ends it, and whoever is using it hears of that. */
@SuppressWarnings("NullAway") // what a task returns here is never null
abstract class OwnClassesClosedContract extends OneManagerForAll {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TIMES = 100;
    private static final int CALLS_TO_A_PIPE = 40;

    /** @param payloads shared or frames */
    OwnClassesClosedContract(String payloads) {
        super(payloads);
    }

    interface Resource extends AutoCloseable {
        int use();

        @Override
        void close() throws IOException;
    }

    private static final class Counted implements Resource {
        private final AtomicInteger closes;
        private final @Nullable String failure;

        Counted(AtomicInteger closes, @Nullable String failure) {
            this.closes = closes;
            this.failure = failure;
        }

        @Override
        public int use() {
            return 1;
        }

        @Override
        public void close() throws IOException {
            closes.incrementAndGet();
            if (failure != null) {
                throw new IOException(failure);
            }
        }
    }

    @Test
    void closeCallsTheObjectsOwnOnceAndFreesItWhoeverCalls() throws IOException {
        AtomicInteger closes = new AtomicInteger();
        Resource closedHere = manager.register(Resource.class, () -> new Counted(closes, null));
        Resource closedThere = manager.register(Resource.class, () -> new Counted(closes, null));
        assertThat(pool.apply(() -> {
                    int used = closedHere.use();
                    try (closedThere) {
                        return used + closedThere.use();
                    }
                }))
                .isEqualTo(2);
        closedHere.close();
        closedHere.close();
        closedThere.close();
        for (Resource closed : List.of(closedHere, closedThere)) {
            assertThatThrownBy(closed::use)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
            pool.apply(() -> {
                closed.close();
                assertThatThrownBy(closed::use).isInstanceOf(IllegalStateException.class);
            });
        }
        assertThat(closes).hasValue(2);

        Resource fails = manager.register(Resource.class, () -> new Counted(closes, "disk full"));
        assertThatThrownBy(fails::close).isInstanceOf(IOException.class).hasMessage("disk full");
        fails.close();
        assertThat(closes).hasValue(3);

        Resource freed = manager.register(Resource.class, () -> new Counted(closes, null));
        manager.unregister(freed);
        manager.unregister(freed);
        assertThatThrownBy(freed::use).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        freed.close();
        assertThat(closes).hasValue(3);
    }

    @Test
    void whoCloseItAtTheSameTimeHaveAllClosedIt() throws Exception {
        AtomicInteger closes = new AtomicInteger();
        Resource used = manager.register(Resource.class, () -> new Counted(closes, null));
        for (int i = 0; i < TIMES; i++) {
            Resource closed = manager.register(Resource.class, () -> new Counted(closes, null));
            SharedBarrier ready = manager.barrier(3);
            SerializableCallable<Boolean> closing = () -> {
                for (int call = 0; call < CALLS_TO_A_PIPE; call++) {
                    used.use();
                }
                ready.await();
                closed.close();
                closed.close();
                return true;
            };
            TaskFuture<Boolean> one = pool.submit(closing);
            TaskFuture<Boolean> other = pool.submit(closing);
            ready.await();
            closed.close();
            closed.close();
            one.join();
            other.join();
            ready.close();
            assertThat(closes).hasValue(i + 1);
        }
        used.close();
    }

    interface Stuck {
        int step();
    }

    @Test
    void whoWaitsIsToldThatTheObjectWasFreedAndThatItsCallMayHaveBeenDone() throws InterruptedException {
        SharedEvent entered = manager.event();
        CountDownLatch leave = new CountDownLatch(1);
        Stuck stuck = manager.register(Stuck.class, () -> () -> {
            entered.set();
            try {
                leave.await();
            } catch (InterruptedException e) {
                return -1;
            }
            return 0;
        });
        TaskFuture<Integer> waits = pool.submit(stuck::step);
        assertThat(entered.await(PATIENCE)).isTrue();
        manager.unregister(stuck);
        assertThatThrownBy(waits::join)
                .hasStackTraceContaining("a call of step() was not answered before that: it may have been done");
        leave.countDown();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(pool.apply(() -> 1)).isEqualTo(1));
    }
}
