// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.testkit.PromiseTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

@PromiseTest
class StartFailureTest {

    @Test
    void aFlagThatDoesNotExistEndsInOneErrorThatQuotesTheJvm() {
        try (Pool pool = Pool.processes(o -> o.workers(2).jvmArgs("-XX:+NoSuchFlag"))) {
            TaskFuture<Integer> first = pool.submit(() -> 1);
            assertThatThrownBy(() -> pool.map(i -> i, List.of(1, 2, 3)))
                    .isInstanceOf(PoolBrokenException.class)
                    .hasMessageContaining("Unrecognized VM option 'NoSuchFlag'");
            assertThatThrownBy(first::join).hasCauseInstanceOf(PoolBrokenException.class);
            assertThatThrownBy(() -> pool.apply(() -> 2))
                    .as("later calls hear the same")
                    .isInstanceOf(PoolBrokenException.class)
                    .hasMessageContaining("NoSuchFlag");
        }
    }

    @Test
    void aHeapThatTheMachineDoesNotHaveIsRefusedAtOnce() {
        assertThatThrownBy(() -> Pool.processes(o -> o.heap("999t")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("999t");
    }

    @Test
    void aHomeWithoutJavaIsRefusedAtOnce() {
        assertThatThrownBy(() -> Pool.processes(o -> o.javaHome(Path.of("/nowhere"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/nowhere");
    }

    @Test
    void aWorkerThatNeverSaysHelloIsGivenUp() {
        // the JVM waits for a debugger before it runs our main class
        String suspend = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:0,quiet=y";
        try (Pool pool = Pool.processes(o -> o.workers(1)
                .jvmArgs(suspend)
                .restartLimit(1, Duration.ofMinutes(1))
                .startupTimeout(Duration.ofMillis(700)))) {
            assertThatThrownBy(() -> pool.apply(() -> 1))
                    .isInstanceOf(PoolBrokenException.class)
                    .hasMessageContaining("hello");
        }
    }

    /** A JVM that makes this its system class loader does not come to any main class. */
    public static final class HangingLoader extends ClassLoader {
        public HangingLoader(ClassLoader parent) throws InterruptedException {
            super(parent);
            new CountDownLatch(1).await();
        }
    }

    @Test
    void aWorkerThatHangsBeforeItsHelloShowsWhereItStood() {
        String hang = "-Djava.system.class.loader=" + HangingLoader.class.getName();
        // one start is enough, and it has time to come so far
        try (Pool pool = Pool.processes(o -> o.workers(1)
                .jvmArgs(hang)
                .restartLimit(1, Duration.ofMinutes(1))
                .startupTimeout(Duration.ofSeconds(4)))) {
            assertThatThrownBy(() -> pool.apply(() -> 1))
                    .isInstanceOf(PoolBrokenException.class)
                    .hasMessageContainingAll(
                            "did not say hello within its startupTimeout of 4 s; its main thread stood",
                            "StartFailureTest$HangingLoader.<init>(StartFailureTest.java:");
        }
    }

    @Test
    void zeroWorkersAreRefused() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Pool.processes(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("workers must be at least 1");
    }
}
