// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedLong;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.OwnCoordinator;
import io.multijvm.testkit.OwnCoordinator.Place;
import io.multijvm.testkit.PromiseTest;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call of a process that dies is done whole, once, or not at all. More kills: {@code -Dmultijvm.rounds}. */
@PromiseTest
@SuppressWarnings("NullAway") // what a task returns here is never null
class OwnClassesDeathsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ROUNDS = Math.max(3, Integer.getInteger("multijvm.rounds", 3));
    private static final int LARGE = 700_000;

    @TempDir
    Path directory;

    interface Ledger {
        /** Books that, if it is the next of its round. */
        int book(int round, int number, byte[] slip);

        int turn();
    }

    private static final class Book implements Ledger {
        private final int[] booked = new int[ROUNDS];
        private int turns;

        @Override
        public int book(int round, int number, byte[] slip) {
            if (number != booked[round] + 1 || slip.length != LARGE) {
                throw new AssertionError(number + " of " + slip.length + " bytes after " + booked[round]);
            }
            for (byte each : slip) {
                if (each != (byte) number) {
                    throw new AssertionError("torn: " + number);
                }
            }
            booked[round] = number;
            return number;
        }

        @Override
        public int turn() {
            return ++turns;
        }
    }

    @Test
    void whatAKilledWorkerHasCalledIsDoneWholeAndOnceOrNotAtAllAndTheOthersGoOn() {
        try (Manager manager = Manager.start();
                Pool pool = Pool.processes(o -> o.workers(2).standby(1).restartLimit(1_000, Duration.ofMinutes(1)))) {
            Book book = new Book();
            Ledger ledger = manager.register(Ledger.class, () -> book);
            SharedLong answered = manager.longValue(0);
            SharedLong victim = manager.longValue(0);
            SharedEvent enough = manager.event();
            TaskFuture<Integer> lives = pool.submit(() -> {
                int last = 0;
                while (!enough.isSet()) {
                    last = ledger.turn();
                }
                return last;
            });
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    int of = round;
                    answered.set(0);
                    TaskFuture<Integer> dies = pool.submit(() -> {
                        victim.set(ProcessHandle.current().pid());
                        for (int number = 1; ; number++) {
                            byte[] slip = new byte[LARGE];
                            Arrays.fill(slip, (byte) number);
                            answered.set(ledger.book(of, number, slip));
                        }
                    });
                    await().atMost(PATIENCE)
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> answered.get() > 1 + 3 * of);
                    LockSupport.parkNanos((long) (Math.random() * 5_000_000));
                    ProcessHandle.of(victim.get()).ifPresent(ProcessHandle::destroyForcibly);
                    assertThatThrownBy(dies::join).hasCauseInstanceOf(WorkerCrashedException.class);
                    int then = ledger.turn();
                    await().atMost(PATIENCE).until(() -> ledger.turn() > then + 10);
                    assertThat((long) book.booked[round]).isBetween(answered.get(), answered.get() + 1);
                }
            } finally {
                enough.set(); // or the pool could not be closed
            }
            assertThat(lives.join()).isPositive();
            System.out.printf(
                    "%d workers killed in the middle of calls of %d bytes: %s done, each once; the other did %d calls%n",
                    ROUNDS, LARGE, Arrays.toString(book.booked), book.turns);
        }
    }

    interface Waiting {
        void forEver(SharedEvent entered) throws InterruptedException;
    }

    @Test
    void whoWaitsForACallIsToldThatItsManagerWasClosedAndTheMethodIsInterrupted() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Pool pool = Pool.processes(1)) {
            TaskFuture<?> there;
            CompletableFuture<Void> here;
            try (Manager manager = Manager.start()) {
                Waiting waiting = manager.register(Waiting.class, () -> entered -> {
                    entered.set();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                });
                SharedEvent entered = manager.event();
                there = pool.submit(() -> {
                    waiting.forEver(entered);
                    return 1;
                });
                assertThat(entered.await(PATIENCE)).isTrue();
                CountDownLatch begun = new CountDownLatch(1);
                here = CompletableFuture.runAsync(() -> {
                    begun.countDown();
                    try {
                        waiting.forEver(entered);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
                begun.await();
            }
            assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(there::join)
                    .hasStackTraceContaining("forEver() was not answered before that: it may have been done");
            assertThatThrownBy(() -> here.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whoCallsAnOwnerThatIsKilledIsToldWhichCallWasCut() throws Exception {
        Path handle = directory.resolve("handle");
        Path output = directory.resolve("output.txt");
        Process owner =
                ChildJvm.start(ChildJvm.java(), List.of("-Xmx128m"), output, OwnCoordinator.class, handle.toString());
        try {
            await().atMost(PATIENCE).until(() -> Files.readString(output).contains("ready"));
            Place place = read(handle);
            assertThat(place.visit() + place.visit()).isEqualTo(3);
            CompletableFuture<Void> stays = CompletableFuture.runAsync(() -> {
                try {
                    place.stay();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            await().atMost(PATIENCE).until(() -> Files.readString(output).contains("entered"));
            owner.destroyForcibly();
            assertThatThrownBy(() -> stays.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a call of stay() was not answered before that: it may have been done");
            assertThatThrownBy(place::visit).isInstanceOf(IllegalStateException.class);
        } finally {
            owner.destroyForcibly();
            assertThat(owner.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Place read(Path handle) throws Exception {
        try (InputStream file = Files.newInputStream(handle);
                ObjectInputStream in = new ObjectInputStream(file)) {
            return (Place) in.readObject();
        }
    }
}
