// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.shared.Shared;
import io.multijvm.task.TaskContext;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.LogLines;
import io.multijvm.testkit.PromiseTest;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@PromiseTest
class SharedValueTest {
    private static final int MIB = 1 << 20;

    /** Counts in its own JVM how often it was read. */
    static final class Counted implements java.io.Serializable {
        private static final AtomicInteger READ = new AtomicInteger();

        private final String text;

        Counted(String text) {
            this.text = text;
        }

        private Object readResolve() {
            READ.incrementAndGet();
            return this;
        }
    }

    /** Dies while its thread waits for the value. */
    private static byte dieWhileFetching(Shared<byte[]> large) {
        Thread task = Thread.currentThread();
        Thread killer = new Thread(() -> {
            while (task.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            Runtime.getRuntime().halt(9);
        });
        killer.setDaemon(true);
        killer.start();
        return large.get()[0];
    }

    @Test
    void aValueIsDecodedOnceAWorkerAndAgainInASuccessor() {
        try (Pool pool = Pool.processes(1)) {
            Shared<Counted> counted = pool.share(new Counted("x"));
            assertThat(counted.bytes()).isBetween(10L, 200L);
            List<String> seen = pool.with(o -> o.chunkSize(3))
                    .map(
                            item -> counted.get().text + Counted.READ,
                            IntStream.range(0, 10).boxed().toList());
            assertThat(seen).containsOnly("x1");
            assertThat(pool.<String>apply(() -> counted.get().text + Counted.READ))
                    .as("another call")
                    .isEqualTo("x1");
            assertThatThrownBy(() -> pool.apply(() -> Faults.die(Faults.Death.HALT)))
                    .isInstanceOf(WorkerCrashedException.class);
            assertThat(pool.<String>apply(() -> counted.get().text + Counted.READ + " in "
                            + TaskContext.current().workerId()))
                    .isEqualTo("x1 in 0.2");
        }
    }

    @Test
    void aLargeValueNeedsAWorkersHeapTwiceAndADeathInItsFetchCostsOneItem() {
        byte[] bytes = new byte[64 * MIB];
        bytes[0] = 7;
        bytes[bytes.length - 1] = 8;
        try (Pool pool = Pool.processes(o -> o.workers(1).heap("208m"))) {
            Shared<byte[]> large = pool.share(bytes);
            assertThatThrownBy(() -> pool.apply(() -> dieWhileFetching(large)))
                    .isInstanceOfSatisfying(
                            WorkerCrashedException.class,
                            death -> assertThat(death.report().orElseThrow().exitCode())
                                    .hasValue(9));
            List<Integer> sums = pool.with(o -> o.chunkSize(2))
                    .map(
                            item -> {
                                byte[] here = large.get();
                                return item + here[0] + here[here.length - 1];
                            },
                            List.of(0, 1, 2, 3));
            assertThat(sums).containsExactly(15, 16, 17, 18);
        }
    }

    @Test
    void aLargeCaptureThatIsSentAgainAndAgainIsSpokenOfOnce() {
        byte[] data = new byte[200_000];
        LogLines said = LogLines.of("io.multijvm.internal.pool");
        try (said;
                Pool pool = Pool.processes(1)) {
            for (int i = 0; i < 9; i++) {
                int index = i;
                assertThat(pool.<Integer>apply(() -> data.length + index)).isEqualTo(200_000 + i);
            }
            assertThat(said.lines()).as("nine times are not often").isEmpty();
            List<TaskFuture<Integer>> futures = IntStream.range(0, 30)
                    .mapToObj(i -> pool.<Integer>submit(() -> data.length - i))
                    .toList();
            futures.forEach(TaskFuture::join);
            assertThat(said.lines())
                    .singleElement()
                    .asString()
                    .contains("submitted 10 times", "SharedValueTest", "pool.share(", "map");
        }
    }
}
