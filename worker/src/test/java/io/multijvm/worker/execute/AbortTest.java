// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.task.TaskContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a task wants done when its item is cancelled, in a real task thread. */
@Timeout(60)
class AbortTest {
    private static final BlockingQueue<String> SEEN = new LinkedBlockingQueue<>();
    private static volatile CountDownLatch gate = new CountDownLatch(1);

    @TempDir
    Path directory;

    private Bench bench;

    @BeforeEach
    void setUp() throws Exception {
        SEEN.clear();
        gate = new CountDownLatch(1);
        bench = new Bench(directory.resolve("recorder"), Bench.RING);
    }

    @AfterEach
    void tearDown() {
        gate.countDown();
        bench.close();
    }

    private static void awaitSeen(String what) throws InterruptedException {
        String next = SEEN.poll(30, TimeUnit.SECONDS);
        assertThat(next).isEqualTo(what);
    }

    /** Waits until it is interrupted. */
    private static String untilInterrupted() {
        SEEN.add("begun");
        try {
            new CountDownLatch(1).await();
            return "not interrupted";
        } catch (InterruptedException e) {
            SEEN.add("interrupted");
            return "interrupted, cancelled " + TaskContext.current().isCancelled();
        }
    }

    private static void awaitGate() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts a listener", e);
        }
    }

    @Test
    void listenersRunInTheirOrderBeforeTheInterruptAlsoAfterOneThatThrows() throws Exception {
        WorkerChunk chunk = bench.chunk(
                (Integer i) -> {
                    TaskContext.current().onAbort(() -> {
                        SEEN.add("first in " + Thread.currentThread().getName());
                        throw new IllegalStateException("a listener that fails");
                    });
                    TaskContext.current().onAbort(() -> SEEN.add("second"));
                    return untilInterrupted();
                },
                List.of(1));
        bench.loop.add(chunk);
        awaitSeen("begun");
        bench.loop.cancel(chunk.id(), 0);
        awaitSeen("first in multijvm-abort");
        awaitSeen("second");
        awaitSeen("interrupted");
        assertThat(bench.nextValue()).isEqualTo("interrupted, cancelled true");
    }

    @Test
    void aListenerThatHangsHoldsTheInterruptBackForHalfASecond() throws Exception {
        WorkerChunk chunk = bench.chunk(
                (Integer i) -> {
                    TaskContext.current().onAbort(AbortTest::awaitGate);
                    return untilInterrupted();
                },
                List.of(1));
        bench.loop.add(chunk);
        awaitSeen("begun");
        long start = System.nanoTime();
        bench.loop.cancel(chunk.id(), 0);
        assertThat(bench.nextValue()).isEqualTo("interrupted, cancelled true");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(490));
    }

    @Test
    void aCancelWhileTheListenersRunInterruptsAtOnce() throws Exception {
        WorkerChunk chunk = bench.chunk(
                (Integer i) -> {
                    TaskContext.current().onAbort(() -> {
                        SEEN.add("listening");
                        awaitGate();
                        SEEN.add("listened");
                    });
                    return untilInterrupted();
                },
                List.of(1));
        bench.loop.add(chunk);
        awaitSeen("begun");
        bench.loop.timeOut(chunk.id(), 0);
        awaitSeen("listening");
        bench.loop.cancel(chunk.id(), 0);
        awaitSeen("interrupted");
        assertThat(bench.nextValue()).isEqualTo("interrupted, cancelled true");
        gate.countDown();
        awaitSeen("listened");
    }

    @Test
    void theInterruptBehindAListenerThatEndsItsTaskNeverHitsTheNextItem() throws Exception {
        WorkerChunk chunk = bench.chunk(
                (Integer i) -> {
                    TaskContext.current().onAbort(gate::countDown);
                    SEEN.add("begun");
                    boolean interrupted = false;
                    while (gate.getCount() > 0) {
                        interrupted |= Thread.interrupted();
                        Thread.onSpinWait();
                    }
                    return i == 1 ? "ended" : "interrupted " + (interrupted || Thread.interrupted());
                },
                IntStream.rangeClosed(1, 50).boxed().toList());
        bench.loop.add(chunk);
        awaitSeen("begun");
        bench.loop.cancel(chunk.id(), 0);
        assertThat(bench.nextValue()).isEqualTo("ended");
        for (int i = 2; i <= 50; i++) {
            assertThat(bench.nextValue()).isEqualTo("interrupted false");
        }
    }

    @Test
    void oneThatComesAfterTheCancelRunsAtOnce() throws Exception {
        WorkerChunk chunk = bench.chunk(
                (Integer i) -> {
                    String how = untilInterrupted();
                    TaskContext.current().onAbort(() -> SEEN.add("too late, so at once"));
                    gate.await();
                    return how;
                },
                List.of(1));
        bench.loop.add(chunk);
        awaitSeen("begun");
        bench.loop.cancel(chunk.id(), 0);
        awaitSeen("interrupted");
        awaitSeen("too late, so at once");
        gate.countDown();
        assertThat(bench.nextValue()).isEqualTo("interrupted, cancelled true");
    }

    @Test
    void listenersOfAnItemThatHasEndedHearNothing() throws Exception {
        WorkerChunk chunk = bench.chunk(
                (Integer i) -> {
                    if (i == 1) {
                        TaskContext.current().onAbort(() -> SEEN.add("I ended long ago"));
                        return "quick";
                    }
                    return untilInterrupted();
                },
                List.of(1, 2));
        bench.loop.add(chunk);
        assertThat(bench.nextValue()).isEqualTo("quick");
        awaitSeen("begun");
        bench.loop.cancel(chunk.id(), 1);
        awaitSeen("interrupted");
        assertThat(bench.nextValue()).isEqualTo("interrupted, cancelled true");
        assertThat(SEEN).isEmpty();
    }

    @Test
    void anAttemptIsToldToItsItemAlone() {
        WorkerChunk chunk = bench.chunk((Integer i) -> TaskContext.current().attempt(), List.of(1, 2, 3));
        bench.loop.attempt(chunk.id(), 1, 4);
        bench.loop.add(chunk);
        assertThat(bench.nextValue()).isEqualTo(1);
        assertThat(bench.nextValue()).isEqualTo(4);
        assertThat(bench.nextValue()).isEqualTo(1);
    }
}
