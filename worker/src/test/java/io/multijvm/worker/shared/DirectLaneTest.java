// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.wire.objects.CollectionAnswer;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.CollectionSaid;
import io.multijvm.wire.objects.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls in the owner's own process, when somebody else's never ends. The collection is played. */
class DirectLaneTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PART = CollectionSaid.WINDOW_BYTES / 10;

    private final List<Consumer<Frame>> waiting = Collections.synchronizedList(new ArrayList<>());
    private final List<String> ends = Collections.synchronizedList(new ArrayList<>());
    private boolean free;

    private final DirectLane lane = new DirectLane(new DirectCalls() {
        @Override
        public @Nullable Frame now(Frame call) {
            return free ? Frame.of(CollectionAnswer.DONE, 7) : null;
        }

        @Override
        public Runnable later(Frame call, boolean waited, Consumer<Frame> answered) {
            waiting.add(answered);
            return () -> ends.add("given up");
        }

        @Override
        public void trust(Object value) {}
    });

    private Call call(CollectionCall what, int bytes) {
        return new Call(what, Frame.of(what, 0, new byte[bytes])) {
            @Override
            void answered(Frame answer) {
                ends.add("answer " + answer.number());
            }

            @Override
            void failed(IllegalStateException why) {
                ends.add(why.getMessage());
            }
        };
    }

    @Test
    void whatNeedNotWaitIsDoneAtOnceButNoFunctionThatNobodyWaitsFor() throws Exception {
        free = true;
        lane.send(call(CollectionCall.MERGE, 10));
        lane.sendInterruptibly(call(CollectionCall.PUT, 10));
        assertThat(ends).containsExactly("answer 7", "answer 7");
        lane.sendInterruptibly(call(CollectionCall.MERGE, 10));
        assertThat(waiting).hasSize(1);
        waiting.get(0).accept(Frame.of(CollectionAnswer.DONE, 8));
        assertThat(ends).endsWith("answer 8");
    }

    @Test
    void whoWaitsForItsAnswerNeedNotWaitForRoomAsWell() throws Exception {
        for (int sent = 0; sent < 9; sent++) {
            lane.sendInterruptibly(call(CollectionCall.PUT, PART));
        }
        lane.send(call(CollectionCall.INVOKE, PART + PART / 2));
        assertThat(waiting).hasSize(10);
        waiting.get(9).accept(Frame.of(CollectionAnswer.DONE, 3));
        assertThat(ends).containsExactly("answer 3");
    }

    @Test
    void noMoreThanAWindowWaitsAndItsEndIsToldToAll() throws Exception {
        int sent = 0;
        for (; sent < 9; sent++) {
            lane.sendInterruptibly(call(CollectionCall.PUT, PART));
        }
        CountDownLatch came = new CountDownLatch(1);
        Thread next = new Thread(() -> {
            try {
                lane.sendInterruptibly(call(CollectionCall.GET, PART + PART / 2));
                came.countDown();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        next.start();
        await().atMost(PATIENCE).until(() -> next.getState() == Thread.State.WAITING);
        assertThat(waiting).hasSize(9);
        waiting.get(0).accept(Frame.of(CollectionAnswer.DONE, 1));
        next.join(PATIENCE.toMillis());
        assertThat(came.getCount()).isZero();
        assertThat(waiting).hasSize(10);
        lane.ended("it was closed");
        assertThat(ends).hasSize(1 + 2 * 9).startsWith("answer 1");
        for (int i = 1; i < ends.size(); i += 2) { // the owner before who waits, which may wait for something else then
            assertThat(ends.subList(i, i + 2)).first().isEqualTo("given up");
            assertThat(ends.get(i + 1)).startsWith("it was closed; a call of");
        }
        assertThat(ends.stream().filter(end -> end.startsWith("it was closed; a call of put()")))
                .hasSize(8);
        assertThat(ends.stream().filter(end -> end.startsWith("it was closed; a call of get()")))
                .hasSize(1);
        waiting.get(5).accept(Frame.of(CollectionAnswer.DONE, 5)); // too late
        assertThat(ends).hasSize(1 + 2 * 9);
        assertThatThrownBy(() -> lane.send(call(CollectionCall.PUT, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("it was closed");
    }
}
