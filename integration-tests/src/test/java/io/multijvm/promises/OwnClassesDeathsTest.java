// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.shared.SharedEvent;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.OwnCoordinator;
import io.multijvm.testkit.OwnCoordinator.Place;
import io.multijvm.testkit.PromiseTest;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever waits for a call when its owner ends is told so. */
@PromiseTest
@SuppressWarnings("NullAway") // what a task returns here is never null
class OwnClassesDeathsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

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
            assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(there::join)
                    .hasStackTraceContaining("forEver() was not answered before that: it may have been done");
            assertThatThrownBy(() -> here.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
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
            assertThatThrownBy(() -> stays.get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a call of stay() was not answered before that: it may have been done");
            assertThatThrownBy(place::visit).isInstanceOf(IllegalStateException.class);
        } finally {
            owner.destroyForcibly();
            assertThat(owner.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Place read(Path handle) throws Exception {
        try (InputStream file = Files.newInputStream(handle);
                ObjectInputStream in = new ObjectInputStream(file)) {
            return (Place) in.readObject();
        }
    }
}
