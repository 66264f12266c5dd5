// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.shared.SharedEvent;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ManagerSaid;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.Said;
import io.multijvm.worker.shared.ManagerClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several parts of a program connect to one manager and close again without knowing of each other. */
@Timeout(120)
class ConnectingTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int THREADS = 3;
    private static final int TIMES = 60;

    private static Heard answer(Said said) {
        if (said instanceof ManagerSaid) {
            return new Heard.Named(7, ObjectKind.EVENT.name(), "");
        }
        return said instanceof Said.Open ? new Heard.Opened(null, 1) : new Heard.IsSo(true);
    }

    private static void use(PlayedOwner owner) {
        ManagerClient manager = Connecting.to(owner.address(), owner.key());
        try {
            SharedEvent event = (SharedEvent) manager.make(ObjectKind.EVENT, 0).face();
            assertThat(event.isSet()).isTrue();
            assertThat(manager.line().goneBecause()).isNull();
        } finally {
            Connecting.end(manager);
        }
    }

    @Test
    void whoConnectsWhileAnotherEndsHasAConnectionThatLastsUntilItEndsItself() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (PlayedOwner owner = new PlayedOwner(ConnectingTest::answer)) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < TIMES; i++) {
                        use(owner);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get(LONG.toSeconds(), TimeUnit.SECONDS);
            }
            await("no connection is left over").atMost(LONG).until(() -> owner.clients() == 0);
        } finally {
            threads.shutdownNow();
        }
    }
}
