// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.TaskFuture;
import io.multijvm.failure.PayloadException;
import io.multijvm.shared.PipeClosedException;
import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.SharedPipe;
import io.multijvm.shared.Waitable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pipes mean the same, whether their messages pass through shared memory or through the owner. */
abstract class PipeContract extends OneManagerForAll {
    static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int LARGE = 16 << 20;

    /** @param payloads shared or frames */
    PipeContract(String payloads) {
        super(payloads);
    }

    private static <T> FutureTask<T> aside(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "aside");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static <T> T within(FutureTask<T> task) throws Exception {
        return task.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    /** Whether it waits at an end of a pipe: parked, or at the sockets. */
    static boolean waits(@Nullable Thread thread) {
        return thread != null
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().endsWith(".PipeWaiters$Waiter"));
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >>> 10));
        }
        return bytes;
    }

    /** Answers each message with itself, until the end. */
    static int echo(PipeEnd<Object> end) throws InterruptedException {
        int n = 0;
        try (end) {
            while (true) {
                end.send(end.receive());
                n++;
            }
        } catch (PipeClosedException e) {
            return n;
        }
    }

    @Test
    void valuesAndBytesArriveAsTheWholesThatTheyWereSentAsAndInTheirOrder() throws Exception {
        try (SharedPipe<Object> pipe = manager.pipe()) {
            PipeEnd<Object> left = pipe.left();
            PipeEnd<Object> right = pipe.right();
            List<Object> values = List.of("", "text", 7, List.of(1, 2), Map.of("k", 1.5));
            for (Object value : values) {
                left.send(value);
            }
            left.sendBytes(new byte[0]);
            left.sendBytes(new byte[] {1, 2, 3, 4}, 1, 2);
            left.sendBytes(new byte[] {5});
            for (Object value : values) {
                assertThat(right.poll()).isTrue();
                assertThat(right.receive()).isEqualTo(value);
            }
            assertThat(right.receiveBytes()).isEmpty();
            assertThat(right.receiveBytes()).containsExactly(2, 3);
            byte[] room = new byte[3];
            assertThat(right.receiveBytes(room)).isEqualTo(1);
            assertThat(room).containsExactly(5, 0, 0);
            assertThat(right.poll()).isFalse();
            right.send("back");
            assertThat(left.receive(LONG)).isEqualTo("back");
        }
    }

    @Test
    void whatCannotBeSentOrDoesNotFitCostsNoMessage() throws Exception {
        try (SharedPipe<Object> pipe = manager.pipe()) {
            PipeEnd<Object> left = pipe.left();
            PipeEnd<Object> right = pipe.right();
            assertThatThrownBy(() -> left.send(new Thread("never"))).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> left.sendBytes(new byte[3], 2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> left.sendBytes(new byte[3], -1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            left.sendBytes(new byte[] {1, 2, 3});
            assertThatThrownBy(() -> right.receiveBytes(new byte[2]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("into has 2 bytes, and the next message")
                    .hasMessageContaining("3; it stays");
            assertThatThrownBy(right::receive)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is bytes, not a value");
            assertThat(right.receiveBytes(new byte[3])).isEqualTo(3);
            left.send(1);
            assertThatThrownBy(right::receiveBytes)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is a value, not bytes");
            assertThat(right.receive()).isEqualTo(1);
        }
    }

    @Test
    void aTimeThatIsOverIsToldAndLosesNothing() throws Exception {
        try (SharedPipe<Integer> pipe = manager.pipe()) {
            PipeEnd<Integer> right = pipe.right();
            assertThat(right.poll()).isFalse();
            assertThat(right.poll(Duration.ofSeconds(-1))).isFalse();
            long begin = System.nanoTime();
            assertThat(right.poll(SHORT)).isFalse();
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(SHORT.toNanos());
            assertThatThrownBy(() -> right.receive(SHORT))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("nothing came to the right end of pipe");
            FutureTask<Boolean> waits = aside(() -> right.poll(LONG));
            pipe.left().send(1);
            assertThat(within(waits)).isTrue();
            assertThat(right.receive(Duration.ZERO)).isEqualTo(1);
        }
    }

    @Test
    void afterTheOtherEndIsClosedTheRestIsReceivedAndThenTheEndIsTold() throws Exception {
        try (SharedPipe<String> pipe = manager.pipe()) {
            pipe.left().send("last");
            pipe.left().close();
            pipe.left().close();
            assertThat(pipe.right().receive()).isEqualTo("last");
            assertThatThrownBy(() -> pipe.right().receive())
                    .isInstanceOf(PipeClosedException.class)
                    .hasMessageContaining("closed it");
            assertThat(pipe.right().poll()).isTrue();
            assertThatThrownBy(() -> pipe.right().send("too late")).isInstanceOf(PipeClosedException.class);
            assertThatThrownBy(() -> pipe.left().send("mine"))
                    .isInstanceOf(IllegalStateException.class)
                    .isNotInstanceOf(PipeClosedException.class)
                    .hasMessageContaining("was closed by this program");
        }
    }

    @Test
    void whoWaitsIsToldOfTheEndAndOfItsOwnEndsClose() throws Exception {
        try (SharedPipe<String> pipe = manager.pipe()) {
            FutureTask<String> waits = aside(() -> pipe.right().receive());
            assertThat(pipe.left().poll(SHORT)).isFalse();
            pipe.left().close();
            assertThatThrownBy(() -> within(waits)).hasCauseInstanceOf(PipeClosedException.class);
        }
        try (SharedPipe<String> pipe = manager.pipe()) {
            FutureTask<String> waits = aside(() -> pipe.right().receive());
            assertThat(pipe.left().poll(SHORT)).isFalse();
            pipe.right().close();
            assertThatThrownBy(() -> within(waits))
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("was closed by this program");
        }
        SharedPipe<String> pipe = manager.pipe();
        FutureTask<String> waits = aside(() -> pipe.right().receive());
        assertThat(pipe.left().poll(SHORT)).isFalse();
        pipe.close();
        assertThatThrownBy(() -> within(waits)).hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pipe.left().send("")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theEndsOfAPipeOfOneWayRefuseTheOtherDirection() throws Exception {
        try (SharedPipe<String> pipe = manager.oneWayPipe()) {
            pipe.left().send("there");
            assertThat(pipe.right().receive()).isEqualTo("there");
            assertThatThrownBy(() -> pipe.right().send("back")).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> pipe.left().receive()).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> pipe.left().poll()).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void aSenderWaitsForRoomAndAnInterruptSendsNothingAndLosesNothing() throws Exception {
        try (SharedPipe<Object> pipe = manager.pipe()) {
            PipeEnd<Object> left = pipe.left();
            PipeEnd<Object> right = pipe.right();
            List<Integer> sent = new CopyOnWriteArrayList<>();
            CountDownLatch begun = new CountDownLatch(1);
            Thread[] sender = new Thread[1];
            FutureTask<Boolean> interrupted = aside(() -> {
                sender[0] = Thread.currentThread();
                begun.countDown();
                try {
                    for (int i = 0; ; i++) {
                        byte[] message = pattern(10_000 + i);
                        left.sendBytes(message);
                        sent.add(message.length);
                    }
                } catch (InterruptedException e) {
                    return true;
                }
            });
            begun.await();
            await().atMost(LONG).until(() -> sent.size() >= 20 && waits(sender[0]));
            sender[0].interrupt();
            assertThat(within(interrupted)).isTrue();
            FutureTask<Boolean> whole = aside(() -> {
                left.sendBytes(pattern(LARGE)); // what was begun of another message before is given up
                return true;
            });
            for (int length : sent) {
                assertThat(right.receiveBytes()).isEqualTo(pattern(length));
            }
            assertThat(right.receiveBytes()).isEqualTo(pattern(LARGE));
            assertThat(within(whole)).isTrue();
            Thread.currentThread().interrupt();
            assertThatThrownBy(right::receive).isInstanceOf(InterruptedException.class);
            assertThat(right.poll()).isFalse();
        }
    }

    @Test
    void aHalfMessageIsGivenUpWhenItsSenderIsInterruptedAndTheNextIsWhole() throws Exception {
        try (SharedPipe<Object> pipe = manager.pipe()) {
            Thread[] sender = new Thread[1];
            FutureTask<Boolean> half = aside(() -> {
                sender[0] = Thread.currentThread();
                try {
                    pipe.left().sendBytes(new byte[LARGE]);
                    return false;
                } catch (InterruptedException e) {
                    return true;
                }
            });
            await().atMost(LONG).until(() -> waits(sender[0]));
            sender[0].interrupt();
            assertThat(within(half)).isTrue();
            assertThat(pipe.right().poll(SHORT)).as("only a part of it is here").isFalse();
            FutureTask<Boolean> next = aside(() -> {
                pipe.left().send("whole");
                return true;
            });
            assertThat(pipe.right().receive()).isEqualTo("whole");
            assertThat(within(next)).isTrue();
        }
    }

    @Test
    void anEndWorksInAnotherProcessAndItsOldOneIsToldWhoHasIt() throws Exception {
        try (SharedPipe<Object> pipe = manager.pipe()) {
            PipeEnd<Object> right = pipe.right();
            pipe.left().send("before");
            assertThat(right.receive()).isEqualTo("before");
            TaskFuture<Integer> echoes = pool.submit(() -> echo(right));
            for (int i = 0; i < 100; i++) {
                pipe.left().send(i);
                assertThat(pipe.left().receive()).isEqualTo(i);
            }
            assertThatThrownBy(right::receive)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("the right end of pipe .* is used by worker \\d+ \\(pid \\d+\\) now, .*");
            byte[] large = pattern(LARGE);
            pipe.left().send(large);
            assertThat((byte[]) pipe.left().receive()).isEqualTo(large);
            pipe.left().close();
            assertThat(echoes.get()).isEqualTo(101);
        }
    }

    @Test
    void aProcessMayCloseItsCopyOfAnEndThatItHasSentOn() throws Exception {
        try (SharedPipe<Object> pipe = manager.pipe()) {
            PipeEnd<Object> right = pipe.right();
            TaskFuture<Integer> echoes = pool.submit(() -> echo(right));
            right.close();
            pipe.left().send("still there");
            assertThat(pipe.left().receive()).isEqualTo("still there");
            pipe.left().close();
            assertThat(echoes.get()).isEqualTo(1);
        }
    }

    /** Receives some, and leaves a message half way. */
    private static List<Integer> someOf(PipeEnd<Object> end, int n) throws InterruptedException {
        List<Integer> received = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            received.add((Integer) end.receive());
        }
        boolean unused = end.poll(); // has the next one come
        return received;
    }

    @Test
    void anEndThatMovesBetweenProcessesInMidStreamLosesNothing() throws Exception {
        int n = 2_000;
        int each = 250;
        try (SharedPipe<Object> pipe = manager.oneWayPipe()) {
            PipeEnd<Object> right = pipe.right();
            FutureTask<Boolean> sends = aside(() -> {
                for (int i = 0; i < n; i++) {
                    pipe.left().send(i);
                }
                return true;
            });
            List<Integer> received = new ArrayList<>();
            while (received.size() < n) {
                // comes back with the list, so that it may be used here too
                Map.Entry<List<Integer>, PipeEnd<Object>> back =
                        pool.apply(() -> Map.entry(someOf(right, each), right));
                assertThat(back.getValue()).isSameAs(right);
                received.addAll(back.getKey());
                received.addAll(someOf(right, each));
            }
            assertThat(received).isEqualTo(IntStream.range(0, n).boxed().toList());
            assertThat(within(sends)).isTrue();
        }
    }

    @Test
    void aMessageOfWhichAPartHasArrivedMovesWithItsEnd() throws Exception {
        byte[] large = pattern(LARGE);
        try (SharedPipe<Object> pipe = manager.oneWayPipe()) {
            PipeEnd<Object> right = pipe.right();
            FutureTask<Boolean> sends = aside(() -> {
                pipe.left().sendBytes(large);
                pipe.left().sendBytes(new byte[] {7});
                return true;
            });
            boolean unused = right.poll(); // takes what is there of it
            int sum = Arrays.hashCode(large);
            assertThat(pool.<Boolean>apply(() -> Arrays.hashCode(right.receiveBytes()) == sum))
                    .isTrue();
            assertThat(pool.<Byte>apply(() -> right.receiveBytes()[0])).isEqualTo((byte) 7);
            assertThat(within(sends)).isTrue();
        }
    }

    @Test
    void whoWaitsAtAnEndThatMovesIsToldAndASenderThatMovesGoesOnElsewhere() throws Exception {
        try (SharedPipe<Object> pipe = manager.pipe()) {
            PipeEnd<Object> right = pipe.right();
            PipeEnd<Object> left = pipe.left();
            assertThat(left.poll()).isFalse(); // it is used here
            Thread[] waiter = new Thread[1];
            FutureTask<Object> waits = aside(() -> {
                waiter[0] = Thread.currentThread();
                return right.receive();
            });
            await().atMost(LONG).until(() -> waits(waiter[0])); // or it would take the end back from where it moves to
            TaskFuture<Object> elsewhere = pool.submit(() -> right.receive());
            assertThatThrownBy(() -> within(waits))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("is used by worker");
            pool.apply(() -> left.send("from a worker"));
            assertThat(elsewhere.get()).isEqualTo("from a worker");
            assertThatThrownBy(() -> left.send(1)).hasMessageContaining("is used by worker");
        }
    }

    @Test
    void severalThreadsShareAnEndAndEachMessageGoesToOneOfThem() throws Exception {
        int threads = 3;
        int each = 400;
        try (SharedPipe<Integer> pipe = manager.oneWayPipe()) {
            ConcurrentLinkedQueue<Integer> received = new ConcurrentLinkedQueue<>();
            List<FutureTask<Boolean>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int from = t * each;
                all.add(aside(() -> {
                    for (int i = 0; i < each; i++) {
                        pipe.left().send(from + i);
                    }
                    return true;
                }));
                all.add(aside(() -> {
                    for (int i = 0; i < each; i++) {
                        received.add(pipe.right().receive());
                    }
                    return true;
                }));
            }
            for (FutureTask<Boolean> one : all) {
                assertThat(within(one)).isTrue();
            }
            assertThat(received.stream().sorted().toList())
                    .isEqualTo(IntStream.range(0, threads * each).boxed().toList());
        }
    }

    @Test
    void endsFuturesAndProcessesAreWaitedForTogether() throws Exception {
        try (SharedPipe<Object> pipe = manager.pipe();
                SharedPipe<Object> quiet = manager.pipe()) {
            PipeEnd<Object> right = pipe.right();
            TaskFuture<Object> task = pool.submit(() -> {
                Object told = right.receive();
                right.send("done");
                return told;
            });
            List<Waitable> all = List.of(quiet.left(), pipe.left(), task);
            assertThat(Waitable.any(SHORT, all)).isEmpty();
            pipe.left().send("go");
            task.get();
            assertThat(Waitable.any(LONG, all)).contains(task);
            assertThat(Waitable.any(LONG, List.of(quiet.left(), pipe.left()))).containsExactly(pipe.left());
            assertThat(pipe.left().receive()).isEqualTo("done");
            FutureTask<List<PipeEnd<Object>>> waits =
                    aside(() -> Waitable.any(LONG, List.of(quiet.left(), pipe.left())));
            assertThat(quiet.right().poll(SHORT)).isFalse();
            quiet.right().send(1);
            assertThat(within(waits)).containsExactly(quiet.left());
            quiet.left().receive();
            CompletableFuture<Boolean> ready = new CompletableFuture<>();
            var registration = quiet.left().whenReady(() -> ready.complete(true));
            quiet.right().close();
            assertThat(ready.get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .as("a receive would throw at once")
                    .isTrue();
            registration.close();
        }
    }

    @Test
    void twoWorkersTalkToEachOther() throws Exception {
        try (SharedPipe<Object> pipe = manager.pipe()) {
            PipeEnd<Object> left = pipe.left();
            PipeEnd<Object> right = pipe.right();
            TaskFuture<Integer> echoes = pool.submit(() -> echo(right));
            int rounds = 300;
            TaskFuture<Integer> asks = pool.submit(() -> {
                int wrong = 0;
                try (left) {
                    for (int i = 0; i < rounds; i++) {
                        left.send(i);
                        wrong += left.receive().equals(i) ? 0 : 1;
                    }
                }
                return wrong;
            });
            assertThat(asks.get()).isZero();
            assertThat(echoes.get()).isEqualTo(rounds);
        }
    }
}
