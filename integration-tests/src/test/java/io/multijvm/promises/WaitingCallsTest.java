// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedList;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedMap;
import io.multijvm.testkit.PromiseTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Who waits for the answer of each call has a pipe to the owner soon, and one thread there serves that. Nothing else is to be
 * seen of it but the speed: order, interrupts, failures and deaths are as they are by messages.
 */
@PromiseTest
@SuppressWarnings("NullAway") // what a task returns here is never null
class WaitingCallsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** More than what goes by messages before there is a pipe. */
    private static final int MANY = 200;

    /** Threads of this JVM that serve a pipe. */
    private static long served() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Stream.of(stack)
                        .anyMatch(frame -> frame.getClassName().equals("io.multijvm.internal.shared.PipedCaller")))
                .count();
    }

    /** Calls until it has a pipe, which takes a moment. */
    private static void warmUp(SharedMap<Integer, Integer> map, SharedEvent enough) {
        while (!enough.isSet()) {
            map.put(-1, 0);
        }
    }

    /** Runs when the worker that runs {@link #warmUp} has a pipe. */
    private static void whenServed(SharedEvent enough) {
        await().atMost(PATIENCE).until(() -> served() > 0);
        enough.set();
    }

    @Test
    void whoWaitsForEachCallIsServedByAPipeAndWhenItsProcessIsKilledNothingOfThatIsLeft() {
        try (Pool pool = Pool.processes(1);
                Manager manager = Manager.start();
                SharedMap<Integer, Integer> map = manager.map();
                SharedLong pid = manager.longValue(0)) {
            TaskFuture<Integer> calls = pool.submit(() -> {
                pid.set(ProcessHandle.current().pid());
                for (int i = 0; ; i++) {
                    map.put(i % 10, i);
                }
            });
            await().atMost(PATIENCE).until(() -> served() == 1);
            assertThat(ProcessHandle.of(pid.get()).orElseThrow().destroyForcibly())
                    .isTrue();
            assertThatThrownBy(calls::join).hasStackTraceContaining("SIGKILL");
            await().atMost(PATIENCE).until(() -> served() == 0);
            assertThat(map.put(100, 1)).isNull();
        }
    }

    @Test
    void whatWasCalledWithoutWaitingIsDoneBeforeWhatTheSameThreadCallsThen() {
        try (Pool pool = Pool.processes(1);
                Manager manager = Manager.start();
                SharedMap<Integer, Integer> map = manager.map();
                SharedList<Integer> list = manager.list();
                SharedEvent enough = manager.event()) {
            TaskFuture<Integer> right = pool.submit(() -> {
                warmUp(map, enough);
                int seen = 0;
                for (int i = 0; i < 3_000; i++) {
                    for (int k = i % 4; k > 0; k--) { // with none the next call has nothing before it
                        var unused = map.putAsync(1, i * 10 + k);
                        unused = list.addAsync(i).thenApply(added -> 0);
                    }
                    if (i % 4 == 0) {
                        map.put(1, i * 10 + 1);
                    }
                    seen += map.get(1) == i * 10 + 1 ? 1 : 0;
                }
                return seen + list.size();
            });
            whenServed(enough);
            assertThat(right.join()).isEqualTo(3_000 + 750 * (1 + 2 + 3));
        }
    }

    @Test
    void anInterruptEndsNoCallThatIsWaitedForAndStays() {
        try (Pool pool = Pool.processes(1);
                Manager manager = Manager.start();
                SharedMap<Integer, Integer> map = manager.map();
                SharedEvent enough = manager.event();
                SharedEvent inside = manager.event();
                SharedEvent goOn = manager.event()) {
            TaskFuture<String> calls = pool.submit(() -> {
                warmUp(map, enough);
                Thread self = Thread.currentThread();
                Thread interrupter = new Thread(() -> {
                    try {
                        inside.await();
                        self.interrupt();
                        goOn.set();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                interrupter.start();
                Integer made = map.computeAtOwner(5, (key, value) -> {
                    inside.set();
                    goOn.await();
                    return 50;
                });
                boolean after = self.isInterrupted();
                Integer read = map.get(5); // with the interrupt still set
                return made + " " + read + " " + after + " " + Thread.interrupted();
            });
            whenServed(enough);
            assertThat(calls.join()).isEqualTo("50 50 true true");
        }
    }

    @Test
    void aCallThatIsUnderWayWhenItsObjectIsClosedIsCutAtOnceAndTheProcessGoesOnWithOthers() throws Exception {
        try (Pool pool = Pool.processes(1);
                Manager manager = Manager.start();
                SharedMap<Integer, Integer> other = manager.map();
                SharedEvent enough = manager.event();
                SharedEvent inside = manager.event()) {
            SharedMap<Integer, Integer> map = manager.map();
            TaskFuture<String> calls = pool.submit(() -> {
                warmUp(other, enough);
                String cut = "";
                try {
                    map.computeAtOwner(1, (key, value) -> {
                        inside.set();
                        new CountDownLatch(1).await();
                        return 1;
                    });
                } catch (IllegalStateException e) {
                    cut = e.getMessage();
                }
                for (int i = 0; i < MANY; i++) {
                    other.put(i, i);
                }
                return cut + "; " + other.get(MANY - 1);
            });
            whenServed(enough);
            await().atMost(PATIENCE).until(inside::isSet);
            map.close();
            assertThat(calls.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .contains("cannot be used any more")
                    .contains(
                            "a call of computeAtOwner() was not answered before that: it may have been done, or may not")
                    .endsWith("; " + (MANY - 1));
        }
    }

    @Test
    void aFunctionThatHasCrossedByOneWayIsKnownByTheOther() {
        try (Pool pool = Pool.processes(1);
                Manager manager = Manager.start();
                SharedMap<String, Integer> counts = manager.map();
                SharedMap<Integer, Integer> map = manager.map();
                SharedEvent enough = manager.event()) {
            TaskFuture<Integer> calls = pool.submit(() -> {
                counts.mergeAtOwner("a", 1, Integer::sum); // by messages
                warmUp(map, enough);
                CompletableFuture<Integer> last = CompletableFuture.completedFuture(0);
                for (int i = 0; i < MANY; i++) {
                    if (i % 3 == 0) {
                        last = counts.mergeAtOwnerAsync("a", 1, Integer::sum);
                    } else {
                        counts.mergeAtOwner("a", 1, Integer::sum);
                    }
                }
                last.join();
                return counts.get("a");
            });
            whenServed(enough);
            assertThat(calls.join()).isEqualTo(MANY + 1);
        }
    }

    @Test
    void valuesOfAnyLengthCrossThereAndBack() {
        try (Pool pool = Pool.processes(1);
                Manager manager = Manager.start();
                SharedMap<Integer, byte[]> map = manager.map();
                SharedMap<Integer, Integer> first = manager.map();
                SharedEvent enough = manager.event()) {
            TaskFuture<List<Integer>> lengths = pool.submit(() -> {
                warmUp(first, enough);
                List<Integer> come = new ArrayList<>();
                for (int length : new int[] {0, 100, 65_000, 1 << 20, 20 << 20}) { // the last goes by messages
                    byte[] value = new byte[length];
                    if (length > 0) {
                        value[length - 1] = 7;
                    }
                    map.put(1, value);
                    byte[] back = map.get(1);
                    come.add(back.length == 0 || back[back.length - 1] == 7 ? back.length : -1);
                }
                return come;
            });
            whenServed(enough);
            assertThat(lengths.join()).containsExactly(0, 100, 65_000, 1 << 20, 20 << 20);
        }
    }

    @Test
    void threadsOfOneProcessThatCallAtOnceAllHaveTheirAnswers() {
        try (Pool pool = Pool.processes(1);
                Manager manager = Manager.start();
                SharedMap<Integer, Long> map = manager.map()) {
            long sum = pool.apply(() -> {
                List<Thread> threads = new ArrayList<>();
                for (int t = 0; t < 6; t++) {
                    int own = t;
                    threads.add(new Thread(() -> {
                        for (int i = 1; i <= 2_000; i++) {
                            if (map.addAndGet(own, 1) != i) {
                                throw new IllegalStateException("thread " + own + " at " + i);
                            }
                        }
                    }));
                }
                threads.forEach(Thread::start);
                for (Thread thread : threads) {
                    thread.join();
                }
                return map.values().stream().mapToLong(Long::longValue).sum();
            });
            assertThat(sum).isEqualTo(12_000);
        }
    }
}
