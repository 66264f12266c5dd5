// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.task.SerializableRunnable;
import io.multijvm.task.TaskContext;
import io.multijvm.wire.v1.Failure;
import io.multijvm.wire.v1.FailurePhase;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pool's functions in the task thread, with this test in place of the link. */
@Timeout(60)
class UpkeepTest implements Upkeep.Line {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final BlockingQueue<String> SEEN = new LinkedBlockingQueue<>();
    /** Threads that are about to. */
    private static final BlockingQueue<Thread> WAITING = new LinkedBlockingQueue<>();

    private final BlockingQueue<Optional<Failure>> initialised = new LinkedBlockingQueue<>();
    private final BlockingQueue<Optional<Failure>> exited = new LinkedBlockingQueue<>();
    private final BlockingQueue<Upkeep> exiting = new LinkedBlockingQueue<>();
    private final BlockingQueue<OutOfMemoryError> memory = new LinkedBlockingQueue<>();

    @TempDir
    Path directory;

    private Bench bench;

    /** Cannot be read again. */
    private static final class Poisoned implements SerializableRunnable {
        @Override
        public void runOrThrow() {}

        private Object readResolve() {
            throw new IllegalStateException("poisoned");
        }
    }

    private record Text(String text) implements Serializable {}

    @BeforeEach
    void setUp() throws Exception {
        SEEN.clear();
        bench = new Bench(directory.resolve("recorder"), Bench.RING);
    }

    @AfterEach
    void tearDown() {
        bench.close();
    }

    private Upkeep upkeep(@Nullable SerializableRunnable init, @Nullable SerializableRunnable exit) {
        return new Upkeep(
                init == null ? null : bench.codec.encode(init),
                exit == null ? null : bench.codec.encode(exit),
                42,
                this);
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came within " + PATIENCE);
        }
        return next;
    }

    private static String where(String what) {
        TaskContext context = TaskContext.current();
        return what + " " + context.itemIndex() + " " + context.attempt() + " " + context.workerId() + " "
                + context.<Text>state("text", () -> new Text(what)).text() + " "
                + Thread.currentThread().getName();
    }

    @Test
    void theyRunInTheTaskThreadBeforeAndAfterTheItemsAndSeeWhatTasksKeep() throws Exception {
        Upkeep upkeep = upkeep(() -> SEEN.add(where("init")), () -> SEEN.add(where("exit")));
        bench.loop.initialise(upkeep);
        assertThat(next(initialised)).isEmpty();
        bench.loop.add(bench.chunk((Integer i) -> where("item"), List.of(1)));
        bench.loop.exit(upkeep);
        assertThat(bench.nextValue()).isEqualTo("item 1000 1 3.2 init multijvm-task");
        assertThat(next(exited)).isEmpty();
        assertThat(exiting).containsExactly(upkeep);
        assertThat(SEEN).containsExactly("init -1 0 3.2 init multijvm-task", "exit -1 0 3.2 init multijvm-task");
    }

    @Test
    void whatInitThrowsIsTold() throws Exception {
        bench.loop.initialise(upkeep(
                () -> {
                    throw new java.io.IOException("no disk");
                },
                null));
        Failure failure = next(initialised).orElseThrow();
        assertThat(failure.getPhase()).isEqualTo(FailurePhase.FAILURE_PHASE_RUN);
        assertThat(failure.getThrown().getClassName()).isEqualTo("java.io.IOException");
        assertThat(failure.getThrown().getMessage()).isEqualTo("no disk");
    }

    @Test
    void anExitFunctionThatCannotBeDecodedIsKnownBeforeTheFirstItem() throws Exception {
        bench.loop.initialise(upkeep(() -> SEEN.add("init"), new Poisoned()));
        Failure failure = next(initialised).orElseThrow();
        assertThat(failure.getPhase()).isEqualTo(FailurePhase.FAILURE_PHASE_DECODE_TASK);
        assertThat(SEEN).as("init has not begun what nobody could end").isEmpty();
    }

    @Test
    void anInitFunctionWithoutMemoryEndsTheWorker() throws Exception {
        bench.loop.initialise(upkeep(
                () -> {
                    throw new OutOfMemoryError("full");
                },
                null));
        assertThat(next(memory)).hasMessage("full");
    }

    @Test
    void aLateInitIsInterruptedAndLeavesItsStack() throws Exception {
        bench.loop.initialise(upkeep(
                () -> {
                    WAITING.add(Thread.currentThread());
                    new CountDownLatch(1).await();
                },
                null));
        Thread task = next(WAITING);
        await().atMost(PATIENCE).until(() -> TaskStack.of(task).contains("CountDownLatch.await"));
        bench.loop.timeOut(0, 0);
        assertThat(next(initialised).orElseThrow().getThrown().getClassName())
                .isEqualTo("java.lang.InterruptedException");
        assertThat(bench.reader.stack(0, 0)).contains("CountDownLatch.await");
    }

    @Test
    void aLateExitIsGivenUpOnceWithItsStack() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Upkeep upkeep = upkeep(null, UpkeepTest::waitForNobody);
        bench.loop.initialise(upkeep);
        assertThat(next(initialised)).isEmpty();
        bench.loop.exit(upkeep);
        next(exiting);
        next(SEEN);
        upkeep.exitIsLate(bench.codec, 500);
        Failure failure = next(exited).orElseThrow();
        assertThat(failure.getThrown().getMessage()).isEqualTo("it did not end within 500 ms");
        assertThat(failure.getThrown().getFramesList())
                .anyMatch(frame -> frame.getMethod().equals("waitForNobody"));
        upkeep.exitIsLate(bench.codec, 500);
        end.countDown();
        assertThat(exited).as("told once").isEmpty();
    }

    private static void waitForNobody() throws InterruptedException {
        SEEN.add("exit begun");
        new CountDownLatch(1).await();
    }

    @Override
    public void initialised(@Nullable Failure failure) {
        initialised.add(Optional.ofNullable(failure));
    }

    @Override
    public void exiting(Upkeep upkeep) {
        exiting.add(upkeep);
    }

    @Override
    public void exited(@Nullable Failure failure) {
        exited.add(Optional.ofNullable(failure));
    }

    @Override
    public void outOfMemory(OutOfMemoryError error) {
        memory.add(error);
        throw new Bench.ThreadEnd();
    }
}
