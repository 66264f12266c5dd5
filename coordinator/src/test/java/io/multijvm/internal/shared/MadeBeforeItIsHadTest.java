// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.wire.objects.ObjectKind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Who has made an object may pass it on by memory that is shared, and who gets it so may ask the owner before the owner's loop
 * has looked at what it is to do: so the owner knows it by then. The loop is as slow as it can be.
 */
class MadeBeforeItIsHadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void whoeverMakesAnObjectHasItWhenTheOwnerHasIt() throws Exception {
        BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>(); // one at a time, and none before it says so
        ManagerCore core = new ManagerCore(
                PlayedLoop.in(loop::add),
                Runnable::run,
                "served:unix:/nowhere",
                ManagerKey.random(),
                getClass(),
                List.of());
        List<Function<ManagerCore, Object>> makers = List.of(
                ManagerCore::event,
                manager -> manager.lock(true),
                manager -> manager.queue(0),
                manager -> manager.pipe(true),
                manager -> manager.collection(ObjectKind.MAP),
                manager -> manager.reference("a"));
        AtomicInteger had = new AtomicInteger();
        Thread maker = new Thread(() -> makers.forEach(make -> {
            assertThat(make.apply(core)).isNotNull();
            had.incrementAndGet();
        }));
        maker.setDaemon(true);
        maker.start();
        long begin = System.nanoTime();
        while (had.get() < makers.size()) {
            assertThat(System.nanoTime() - begin).isLessThan(PATIENCE.toNanos());
            assertThat(had.get()).isLessThanOrEqualTo(core.home().size());
            Runnable next = loop.poll();
            if (next != null) {
                next.run();
            }
            Thread.onSpinWait();
        }
        maker.join();
        assertThat(core.home().size()).isEqualTo(makers.size());
    }
}
