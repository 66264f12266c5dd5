// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.wire.mapped.LockCell;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes within moments is found without a word to the owner, and without keeping a core busy. */
@SuppressWarnings("LockNotBeforeTry") // nothing comes between that could throw
@Timeout(60)
class BriefWaitTest {
    private static final int SOME = 200;

    @Test
    void whatComesAfterTheSpinningIsFoundInANap() {
        AtomicLong firstLook = new AtomicLong();
        String seen = BriefWait.until(Patience.FOR_EVER, () -> {
            firstLook.compareAndSet(0, System.nanoTime());
            return System.nanoTime() - firstLook.get() > TimeUnit.MICROSECONDS.toNanos(200) ? "it" : null;
        });
        assertThat(seen).isEqualTo("it");
    }

    @Test
    void whatDoesNotComeCostsLittleOfTheTimeThatItIsWaitedFor() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        List<Double> shares = new ArrayList<>();
        for (int i = 0; i < SOME; i++) {
            long began = System.nanoTime();
            long used = threads.getCurrentThreadCpuTime();
            String seen = BriefWait.until(Patience.FOR_EVER, () -> null);
            assertThat(seen).isNull();
            used = threads.getCurrentThreadCpuTime() - used;
            shares.add((double) used / (System.nanoTime() - began));
        }
        shares.sort(null);
        assertThat(shares.get(SOME / 2)).isLessThan(0.5);
    }

    @Test
    void itLooksOnceWhereThereIsNoTime() {
        AtomicInteger looks = new AtomicInteger();
        String seen = BriefWait.until(Patience.of(0), () -> {
            looks.incrementAndGet();
            return null;
        });
        assertThat(seen).isNull();
        assertThat(looks).hasValue(1);
    }

    @Test
    void anInterruptIsLeftToWhoeverWaits() {
        AtomicInteger looks = new AtomicInteger();
        try {
            String seen = BriefWait.until(Patience.INTERRUPTIBLE, () -> {
                if (looks.incrementAndGet() == 1) {
                    Thread.currentThread().interrupt();
                }
                return null;
            });
            assertThat(seen).isNull();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aLockThatIsReleasedWithinAMomentIsHadWithoutAWordToItsOwner() throws Exception {
        LockCell cell =
                new LockCell(ByteBuffer.allocateDirect(2 * LockCell.BYTES).alignedSlice(LockCell.BYTES), 0);
        for (int attempt = 0; attempt < SOME; attempt++) { // whoever is not given a core in time says something
            if (isHadWithoutAWord(cell)) {
                return;
            }
        }
        throw new AssertionError("each of " + SOME + " waits went to the owner");
    }

    /** It is released when its other client naps, or has said that it waits. */
    private static boolean isHadWithoutAWord(LockCell cell) throws Exception {
        AtomicReference<LockWait> said = new AtomicReference<>();
        LockClient two = new LockClient(2, line(said));
        ClientLock here = new LockClient(1, line(new AtomicReference<>())).mapped(1, "lock 1", true, cell, 0);
        ClientLock there = two.mapped(1, "lock 1", true, cell, 0);
        here.lock();
        AtomicReference<Thread> waits = new AtomicReference<>();
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            waits.set(Thread.currentThread());
            there.lock();
            there.unlock();
        });
        Thread thread = null;
        while (said.get() == null && (thread == null || thread.getState() != Thread.State.TIMED_WAITING)) {
            Thread.onSpinWait();
            thread = waits.get();
        }
        here.unlock();
        boolean told = false;
        while (!other.isDone()) {
            LockWait wait = said.getAndSet(null);
            if (wait != null) {
                told = true;
                two.woken(wait.ticket(), false);
            }
        }
        other.get(30, TimeUnit.SECONDS);
        return !told && said.get() == null;
    }

    private static LockLine line(AtomicReference<LockWait> said) {
        return (LockLine) Proxy.newProxyInstance(
                LockLine.class.getClassLoader(), new Class<?>[] {LockLine.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("waitFor")) {
                        said.set((LockWait) arguments[1]);
                    }
                    return null;
                });
    }
}
