// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager;
import io.multijvm.failure.DeadlockException;
import io.multijvm.shared.SharedMap;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is told of a circle of calls, and who waits for none. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a circle that is not seen waits for ever
class CallCirclesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Manager manager = Manager.start();
    private final CompletableFuture<Thread> calling = new CompletableFuture<>();
    private final CompletableFuture<Thread> callingBack = new CompletableFuture<>();
    private final CompletableFuture<String> answer = new CompletableFuture<>();
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch leave = new CountDownLatch(1);

    /** What both objects can do. */
    public interface Place {
        String go() throws Exception;
    }

    /** Calls another, is told that this was freed, and stays for a while; who comes then is let in afterwards. */
    private final class First implements Place {
        private final CompletableFuture<Place> other = new CompletableFuture<>();
        private boolean been;

        @Override
        public String go() throws Exception {
            if (been) {
                return "let in";
            }
            been = true;
            calling.complete(Thread.currentThread());
            assertThatThrownBy(() -> other.join().go()).hasMessageContaining("go() was not answered before that");
            told.countDown();
            assertThat(leave.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return "left";
        }
    }

    @AfterEach
    void close() {
        leave.countDown();
        manager.close();
    }

    /** In a thread of its own: of the common pool's there may be one alone, and what waits here waits for other such threads. */
    private static CompletableFuture<Void> aside(Runnable work) {
        return CompletableFuture.runAsync(work, its -> {
            Thread thread = new Thread(its, "aside");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private static boolean isAnswerAwaitedBy(Thread thread) {
        return thread.getState() == Thread.State.WAITING
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("await")
                                && frame.getClassName().contains("CollectionClient"));
    }

    @Test
    void whoWasToldThatTheObjectItWaitedForWasFreedIsInNoCircleAnyMore() throws Exception {
        First first = new First();
        Place one = manager.register(Place.class, () -> first);
        CountDownLatch entered = new CountDownLatch(1);
        Place other = manager.register(Place.class, () -> () -> {
            entered.countDown();
            assertThat(told.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            callingBack.complete(Thread.currentThread());
            try {
                answer.complete(one.go());
            } catch (Throwable e) { // a DeadlockException, if it is taken for a circle
                answer.completeExceptionally(e);
            }
            return "nobody hears this";
        });
        first.other.complete(other);
        CompletableFuture<Void> inOther =
                aside(() -> assertThatThrownBy(other::go).hasMessageContaining("go() was not answered before that"));
        assertThat(entered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> inOne = aside(() -> assertThat(go(one)).isEqualTo("left"));
        Thread caller = calling.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        await().atMost(PATIENCE).until(() -> isAnswerAwaitedBy(caller));

        manager.unregister(other);

        Thread back = callingBack.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        await().atMost(PATIENCE).until(() -> answer.isDone() || isAnswerAwaitedBy(back));
        leave.countDown();
        assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("let in");
        inOne.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        inOther.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static String go(Place place) {
        try {
            return place.go();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** What an own object does with a map. */
    public interface Sizes {
        int of(SharedMap<String, Integer> map);
    }

    @Test
    void aFunctionWhoseWayLeadsThroughAnOwnObjectBackToItsMapIsTold() {
        SharedMap<String, Integer> map = manager.map();
        Sizes sizes = manager.register(Sizes.class, () -> SharedMap::size);
        for (int i = 0; i < 2; i++) { // also the second time: nothing of the first is left
            assertThatThrownBy(() -> map.computeAtOwner("a", (key, value) -> sizes.of(map)))
                    .isInstanceOf(DeadlockException.class)
                    .hasMessageContaining("let functions at the owner use other shared objects in one direction only");
        }
        assertThat(map).isEmpty();
        SharedMap<String, Integer> other = manager.map();
        assertThat(other.computeAtOwner("a", (key, value) -> sizes.of(map))).isZero();
        assertThat(sizes.of(other)).isEqualTo(1);
    }

    private static final CyclicBarrier BOTH_ARE_THERE = new CyclicBarrier(2);

    private static String met(SharedMap<String, Integer> own, SharedMap<String, Integer> other) {
        try {
            Integer there = own.computeAtOwner("a", (key, value) -> {
                try {
                    BOTH_ARE_THERE.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                    throw new AssertionError(e);
                }
                return other.size() + 1;
            });
            return "made " + there;
        } catch (DeadlockException e) {
            return "told";
        }
    }

    @Test
    void oneOfTwoFunctionsThatUseEachOthersMapsAtTheSameTimeIsToldAndTheOtherGoesOn() throws Exception {
        SharedMap<String, Integer> one = manager.map();
        SharedMap<String, Integer> other = manager.map();
        for (int i = 0; i < 20; i++) {
            CompletableFuture<String> there = CompletableFuture.supplyAsync(() -> met(other, one));
            String here = met(one, other);
            assertThat(List.of(here, there.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)))
                    .containsExactlyInAnyOrder("told", "made 1");
            one.clear();
            other.clear();
        }
    }
}
