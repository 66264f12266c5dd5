// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.WorkerProcess;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.shared.PipeClosedException;
import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedPipe;
import io.multijvm.testkit.Kills;
import io.multijvm.testkit.SharedPoolTest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who has an end of a pipe is killed, and its manager's own program has the other: it gets whole messages in their order, then the
 * end. Two workers are tried by {@link KilledPipeUsersTest}.
 */
@SharedPoolTest
class PipeDeathsTest {
    /** Longer than what is under way at a time, so that a kill often meets a half message. */
    private static final int LONG_MESSAGE = 700_000;

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Kills kills = new Kills();
    private Pool pool;
    private Manager manager;
    private volatile long killedAt;

    @BeforeAll
    void open() {
        pool = Kills.pool(2);
    }

    @AfterAll
    void close() {
        pool.close();
    }

    @BeforeEach
    void start() {
        manager = Manager.start();
    }

    @AfterEach
    void end() {
        manager.close();
    }

    /** The message of that number: its number, and bytes that only it has. */
    private static byte[] message(int number) {
        byte[] bytes = new byte[number % 4 == 3 ? LONG_MESSAGE + number : 8 + number % 3_000];
        Arrays.fill(bytes, (byte) number);
        ByteBuffer.wrap(bytes).putLong(0, number);
        return bytes;
    }

    private static int sendForEver(PipeEnd<Object> end) throws InterruptedException {
        end.send(ProcessHandle.current().pid());
        for (int i = 0; ; i++) {
            end.sendBytes(message(i));
        }
    }

    /** What a receiver has to tell: how many whole messages came in their order, and when the end did. */
    private static List<Long> receiveToTheEnd(PipeEnd<Object> end) throws InterruptedException {
        for (int i = 0; ; i++) {
            try {
                byte[] come = end.receiveBytes();
                if (!Arrays.equals(come, message(i))) {
                    throw new AssertionError("message " + i + " has " + come.length + " bytes, or other ones");
                }
            } catch (PipeClosedException e) {
                if (!String.valueOf(e.getMessage()).contains("has died")) {
                    throw e;
                }
                return List.of((long) i, System.nanoTime());
            }
        }
    }

    /** By which time the kill is done; the clock is the same in all processes of a machine. */
    private static long kill(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        long now = System.nanoTime();
        assertThat(process.destroyForcibly()).isTrue();
        return now;
    }

    private static void died(TaskFuture<?> task) {
        assertThatThrownBy(task::get).hasCauseInstanceOf(WorkerCrashedException.class);
    }

    @Test
    void whatADeadSenderHasSentWholeIsReceivedAndThenTheEnd() throws Exception {
        List<Long> waits = new ArrayList<>();
        int rounds = Math.max(3, Kills.ROUNDS / 6);
        long received = 0;
        for (int round = 0; round < rounds; round++) {
            try (SharedPipe<Object> pipe = manager.pipe()) {
                PipeEnd<Object> left = pipe.left();
                PipeEnd<Object> right = pipe.right();
                TaskFuture<Integer> sender = pool.submit(() -> sendForEver(right));
                long victim = (Long) left.receive();
                kills.pause(20_000_000);
                long killed = kill(victim);
                List<Long> told = receiveToTheEnd(left);
                received += told.get(0);
                waits.add(told.get(1) - killed);
                died(sender);
            }
        }
        System.out.printf(
                "pipe, sender killed: %d deaths, %d messages received before the ends, all whole and in order; the end was told %s%n",
                rounds, received, Kills.figures(waits));
        Kills.checkWaits(waits);
    }

    private static int receiveForEver(PipeEnd<Object> end) throws InterruptedException {
        for (int i = 0; ; i++) {
            if (!Arrays.equals(end.receiveBytes(), message(i))) {
                return i;
            }
        }
    }

    @Test
    void aSenderIsToldWhenItsReceiverHasDiedAlsoWhileItWaitsForRoom() throws Exception {
        int rounds = Math.max(3, Kills.ROUNDS / 3);
        List<Long> waits = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            try (SharedPipe<Object> pipe = manager.pipe()) {
                PipeEnd<Object> left = pipe.left();
                PipeEnd<Object> right = pipe.right();
                boolean holds = round % 2 == 0;
                TaskFuture<Integer> receiver = pool.submit(() -> {
                    right.send(ProcessHandle.current().pid());
                    if (holds) {
                        new CountDownLatch(1).await(); // receives nothing, so that the pipe is full
                    }
                    return receiveForEver(right);
                });
                long victim = (Long) left.receive();
                Thread killer = new Thread(() -> {
                    kills.pause(20_000_000);
                    killedAt = kill(victim);
                });
                killer.start();
                assertThatThrownBy(() -> {
                            for (int i = 0; ; i++) {
                                left.sendBytes(message(i));
                            }
                        })
                        .isInstanceOf(PipeClosedException.class)
                        .hasMessageContaining("has died");
                long told = System.nanoTime();
                killer.join();
                waits.add(told - killedAt);
                died(receiver);
            }
        }
        System.out.printf("pipe, receiver killed: %d deaths; its sender was told %s%n", rounds, Kills.figures(waits));
        Kills.checkWaits(waits);
    }

    private static void signal(long pid, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** A message, and the end that it was sent at. */
    private static Map.Entry<Long, PipeEnd<Object>> sendOne(PipeEnd<Object> end) throws InterruptedException {
        end.send("sent");
        return Map.entry(ProcessHandle.current().pid(), end);
    }

    /** Its ring goes nowhere: the receiver stands still, and cannot let in who rings before that one dies. */
    @Test
    @SuppressWarnings("try") // closed early too, for who else may wait for ever
    void whatWasSentIsReceivedThoughItsSenderHasPassedItsEndOnAndDiesBeforeItCouldWakeTheReceiver() throws Exception {
        for (int round = 0; round < 3; round++) {
            try (SharedPipe<Object> pipe = manager.pipe()) {
                PipeEnd<Object> left = pipe.left();
                PipeEnd<Object> right = pipe.right();
                assertThat(pool.<Long>apply(() -> ProcessHandle.current().pid()))
                        .as("one is there that can send")
                        .isPositive();
                try (WorkerProcess receiver = WorkerProcess.start(() -> {
                    right.send("here");
                    right.send(right.receive());
                })) {
                    assertThat(left.receive()).isEqualTo("here");
                    assertThat(left.poll(Duration.ofMillis(100)))
                            .as("it waits meanwhile")
                            .isFalse();
                    signal(receiver.pid(), "STOP");
                    try {
                        Map.Entry<Long, PipeEnd<Object>> sent = pool.apply(() -> sendOne(left));
                        sent.getValue().send("from who has the end then");
                        kill(sent.getKey());
                    } finally {
                        signal(receiver.pid(), "CONT");
                    }
                    try {
                        assertThat(left.receive(LONG)).isEqualTo("sent");
                    } finally {
                        pipe.close();
                    }
                    receiver.join();
                }
            }
        }
    }

    @Test
    void theOtherSideIsToldWhenItsEndWasGivenUpForAProcessThatDied() throws Exception {
        try (SharedPipe<Object> pipe = manager.pipe()) {
            PipeEnd<Object> left = pipe.left();
            PipeEnd<Object> right = pipe.right();
            SharedEvent end = manager.event();
            try (WorkerProcess holder = WorkerProcess.start(() -> {
                right.send("here");
                end.await();
            })) {
                assertThat(left.receive()).isEqualTo("here");
                signal(holder.pid(), "STOP");
                try {
                    long wants = pool.apply(() -> {
                        boolean unused = right.poll(); // its holder cannot give it up
                        return ProcessHandle.current().pid();
                    });
                    kill(wants);
                } finally {
                    signal(holder.pid(), "CONT");
                }
                try {
                    assertThatThrownBy(() -> left.receive(LONG))
                            .isInstanceOf(PipeClosedException.class)
                            .hasMessageContaining("has died");
                } finally {
                    end.set();
                }
                holder.join();
            }
        }
    }
}
