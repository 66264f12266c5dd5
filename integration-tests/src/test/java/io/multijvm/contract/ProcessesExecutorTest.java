// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.contract.NamedTasks.Between;
import io.multijvm.contract.NamedTasks.Square;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.testkit.Faults;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesExecutorTest extends ConcurrentExecutorContract {
    @Override
    Pool open() {
        return Pool.processes(2);
    }

    @Override
    boolean isCancelledAtOnce() {
        return false;
    }

    @Test
    void theEndOfAPoolInterruptsNoCallback(@TempDir Path files) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Path gate = files.resolve("gate");
        CompletableFuture<Boolean> undisturbed;
        try (Pool pool = Pool.processes(1)) {
            undisturbed = pool.submit(new Between(files + "/begun", gate.toString(), files + "/ended"))
                    .thenApply(pid -> awaits(ended));
            NamedTasks.touch(gate.toString());
        }
        assertThat(undisturbed).isNotDone();
        ended.countDown();
        assertThat(undisturbed.get(30, TimeUnit.SECONDS)).isTrue();
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    record Die() implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            Faults.die(Faults.Death.HALT);
            return 0;
        }
    }

    @Test
    void aDeathIsTheCauseItselfForWhoeverAsks() throws Exception {
        TaskFuture<Integer> future = pool().submit(new Die());
        assertThat(causeOfGet(future)).isInstanceOf(WorkerCrashedException.class);
        assertThat(causeOfGet(future).getSuppressed()).isEmpty();
        assertThatThrownBy(future::join).hasCauseInstanceOf(WorkerCrashedException.class);

        ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(pool());
        var unused = service.submit(new Die());
        assertThat(causeOfGet(service.take())).isInstanceOf(WorkerCrashedException.class);
        assertThat(pool().<Integer>invokeAny(List.of(new Die(), new Square(3)))).isEqualTo(9);
    }
}
