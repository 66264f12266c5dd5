// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Pool;
import io.multijvm.PoolListener;
import io.multijvm.WorkerEnd;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.task.SerializableRunnable;
import io.multijvm.testkit.PromiseTest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A worker runs out of what is not its heap, or somebody ends it, and each time the report says which it was. How it ends
 * itself is in {@link DeathCostsOneItemTest}.
 */
@PromiseTest
@Timeout(120)
class DeathsExplainedTest {
    /** What is defined again and again until no class fits any more. */
    private static final class Small {}

    private static CrashReport deathOf(Pool pool, SerializableRunnable task) {
        try {
            pool.apply(task);
        } catch (MultijvmException e) {
            CrashReport report = e.report().orElseThrow(() -> e);
            assertThat(e.kind()).isEqualTo(report.kind().failureKind());
            assertThat(report.nextStep()).isNotBlank();
            return report;
        }
        throw new AssertionError("it did not die");
    }

    private static void fillMetaspace() {
        try (InputStream in = Small.class.getResourceAsStream("DeathsExplainedTest$Small.class")) {
            byte[] bytes = Objects.requireNonNull(in).readAllBytes();
            List<Class<?>> kept = new ArrayList<>();
            while (!Thread.currentThread().isInterrupted()) {
                kept.add(MethodHandles.lookup().defineHiddenClass(bytes, false).lookupClass());
            }
            System.out.println(kept.size());
        } catch (IOException | IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int deeper(int depth) {
        return depth < 0 ? depth : deeper(depth + 1) + 1;
    }

    private static void askedToEnd() {
        try {
            new ProcessBuilder("kill", Long.toString(ProcessHandle.current().pid()))
                    .start()
                    .waitFor();
            Thread.currentThread().join();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatRanOutIsToldFromWhoeverAskedTheWorkerToEnd() {
        ConcurrentLinkedQueue<CrashReport> heard = new ConcurrentLinkedQueue<>();
        List<DeathKind> told = new ArrayList<>();
        try (Pool pool = Pool.processes(
                o -> o.workers(1).heap("64m").jvmArgs("-XX:MaxMetaspaceSize=64m", "-XX:MaxDirectMemorySize=32m"))) {
            pool.addListener(new PoolListener() {
                @Override
                public void workerEnded(Worker worker, WorkerEnd why, Optional<CrashReport> report) {
                    report.ifPresent(heard::add);
                }
            });
            assertThat(pool.map(item -> item * item, List.of(1, 2, 3))).containsExactly(1, 4, 9);

            CrashReport direct = deathOf(pool, () -> ByteBuffer.allocateDirect(64 << 20));
            assertThat(direct.what()).contains("direct buffer");
            assertThat(direct.worker().done())
                    .as("items that the first worker had ended")
                    .isEqualTo(3);
            assertThat(direct.memory().heapMax()).isBetween(48L << 20, 64L << 20);
            assertThat(direct.item().ran()).isPresent();
            told.add(direct.kind());

            told.add(deathOf(pool, DeathsExplainedTest::fillMetaspace).kind());
            CrashReport terminated = deathOf(pool, DeathsExplainedTest::askedToEnd);
            assertThat(terminated.signal()).hasValue(15);
            told.add(terminated.kind());

            // a stack that is full costs nobody anything
            long before = pool.<Long>apply(() -> ProcessHandle.current().pid());
            assertThatThrownBy(() -> pool.<Integer>apply(() -> deeper(0)))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCauseInstanceOf(StackOverflowError.class);
            assertThat(pool.<Long>apply(() -> ProcessHandle.current().pid())).isEqualTo(before);
        }
        assertThat(told).containsExactly(DeathKind.OUT_OF_DIRECT_MEMORY, DeathKind.OUT_OF_METASPACE, DeathKind.KILLED);
        assertThat(heard)
                .as("a listener hears of each")
                .extracting(CrashReport::kind)
                .containsExactlyElementsOf(told);
        System.out.println("deaths told from each other: " + told);
    }

    @Test
    void aFlagThatNoJvmKnowsIsAStartThatFailed() {
        ConcurrentLinkedQueue<CrashReport> heard = new ConcurrentLinkedQueue<>();
        try (Pool pool = Pool.processes(o -> o.workers(1).jvmArgs("-XX:+NoSuchFlag"))) {
            pool.addListener(new PoolListener() {
                @Override
                public void workerEnded(Worker worker, WorkerEnd why, Optional<CrashReport> report) {
                    report.ifPresent(heard::add);
                }
            });
            assertThatThrownBy(() -> pool.apply(() -> 1))
                    .isInstanceOf(PoolBrokenException.class)
                    .hasMessageContaining("NoSuchFlag");
        }
        assertThat(heard).isNotEmpty().allSatisfy(report -> {
            assertThat(report.kind()).isEqualTo(DeathKind.FAILED_START);
            assertThat(report.kind().failureKind()).isEqualTo(FailureKind.POOL_BROKEN);
            assertThat(report.what()).contains("NoSuchFlag");
        });
    }
}
