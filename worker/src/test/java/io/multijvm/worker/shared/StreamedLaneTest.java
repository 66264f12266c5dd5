// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.wire.objects.CollectionAnswer;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.CollectionHeard;
import io.multijvm.wire.objects.CollectionSaid;
import io.multijvm.wire.objects.Frame;
import io.multijvm.wire.objects.FrameReader;
import io.multijvm.wire.objects.FrameWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What crosses together, and how much is under way at most. The owner is played. */
class StreamedLaneTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<CollectionSaid> said = Collections.synchronizedList(new ArrayList<>());
    private final StreamedLane lane = new StreamedLane("a map", said::add, call -> false);
    private final List<String> ends = Collections.synchronizedList(new ArrayList<>());

    private Call call(int bytes) {
        return new Call(CollectionCall.PUT, Frame.of(CollectionCall.PUT, 0, new byte[bytes])) {
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

    private long saidBytes() {
        synchronized (said) {
            return said.stream().mapToLong(each -> each.data().length).sum();
        }
    }

    private static byte[] answers(int from, int to) {
        FrameWriter writer = new FrameWriter();
        for (int i = from; i < to; i++) {
            writer.write(Frame.of(CollectionAnswer.DONE, i));
        }
        return writer.cut(Integer.MAX_VALUE);
    }

    @Test
    void whatIsCalledWhileTheOwnerIsBusyCrossesTogetherAndIsAnsweredInOrder() {
        for (int i = 0; i < 50; i++) {
            lane.send(call(10));
        }
        assertThat(said).hasSize(1);
        lane.heard(new CollectionHeard(said.get(0).data().length, answers(0, 1)));
        assertThat(said).hasSize(2);
        FrameReader reader = new FrameReader();
        reader.offer(said.get(1).data());
        int together = 0;
        while (reader.next() != null) {
            together++;
        }
        assertThat(together).isEqualTo(49);
        lane.heard(new CollectionHeard(said.get(1).data().length, answers(1, 50)));
        assertThat(ends).hasSize(50).startsWith("answer 0", "answer 1").endsWith("answer 49");
        lane.send(call(10));
        assertThat(said).hasSize(3);
        assertThat(said.stream().mapToLong(CollectionSaid::taken).sum()).isEqualTo(answers(0, 50).length);
    }

    @Test
    void noMoreThanAWindowIsUnderWayAndWhoWantsMoreWaits() throws Exception {
        lane.send(call(3 * CollectionSaid.WINDOW_BYTES));
        assertThat(saidBytes()).isEqualTo(CollectionSaid.WINDOW_BYTES);
        assertThat(said).allMatch(each -> each.data().length <= CollectionSaid.MOST_BYTES);
        CountDownLatch gone = new CountDownLatch(1);
        Thread waits = new Thread(() -> {
            lane.send(call(10));
            gone.countDown();
        });
        waits.start();
        await().atMost(PATIENCE).until(() -> waits.getState() == Thread.State.WAITING);
        lane.heard(new CollectionHeard(CollectionSaid.MOST_BYTES, new byte[0]));
        assertThat(saidBytes()).isEqualTo(CollectionSaid.WINDOW_BYTES + CollectionSaid.MOST_BYTES);
        assertThat(gone.getCount()).isEqualTo(1);
        while (gone.getCount() > 0 && saidBytes() < 4L * CollectionSaid.WINDOW_BYTES) {
            long before = saidBytes();
            lane.heard(new CollectionHeard(CollectionSaid.MOST_BYTES, new byte[0]));
            if (saidBytes() == before) {
                break;
            }
        }
        waits.join(PATIENCE.toMillis());
        assertThat(gone.getCount()).isZero();
    }

    @Test
    void whoWaitsForRoomIsWokenByAnInterruptOnlyIfItAskedForThatAndByTheEnd() throws Exception {
        lane.send(call(2 * CollectionSaid.WINDOW_BYTES));
        CompletableFuture<String> interruptible = new CompletableFuture<>();
        CompletableFuture<String> not = new CompletableFuture<>();
        Thread first = new Thread(() -> {
            try {
                lane.sendInterruptibly(call(10));
            } catch (InterruptedException e) {
                interruptible.complete("interrupted");
            }
        });
        Thread second = new Thread(() -> {
            try {
                lane.send(call(10));
            } catch (IllegalStateException e) {
                not.complete(e.getMessage() + Thread.interrupted());
            }
        });
        first.start();
        second.start();
        await().atMost(PATIENCE)
                .until(() -> first.getState() == Thread.State.WAITING && second.getState() == Thread.State.WAITING);
        first.interrupt();
        second.interrupt();
        assertThat(interruptible.get(20, TimeUnit.SECONDS)).isEqualTo("interrupted");
        assertThat(not).isNotDone();
        lane.ended("it was closed");
        assertThat(not.get(20, TimeUnit.SECONDS)).isEqualTo("it was closedtrue");
        assertThat(ends)
                .containsExactly(
                        "it was closed; a call of put() was not answered before that: it may have been done, or may not");
        assertThatThrownBy(() -> lane.send(call(1))).hasMessage("it was closed");
    }

    @Test
    void aCallThatFindsNoMemoryOnItsWayEndsTheLaneForTheOwnerWouldReadOthersInItsPlace() {
        boolean[] lacks = {false};
        StreamedLane scarce = new StreamedLane(
                "a map",
                each -> {
                    if (lacks[0]) {
                        lacks[0] = false;
                        throw new OutOfMemoryError("played");
                    }
                    said.add(each);
                },
                call -> false);
        scarce.send(call(10));
        scarce.heard(new CollectionHeard(said.get(0).data().length, answers(0, 1)));
        lacks[0] = true;
        assertThatThrownBy(() -> scarce.send(call(10))).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> scarce.send(call(10)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a map cannot be used any more: there was no memory");
        scarce.heard(new CollectionHeard(0, answers(1, 2)));
        assertThat(ends).hasSize(2).startsWith("answer 0");
        assertThat(ends.get(1)).contains("no memory", "put() was not answered");
    }

    @Test
    void theOwnerIsToldInTimeThatItsAnswersHaveCome() {
        lane.send(call(10));
        FrameWriter writer = new FrameWriter();
        writer.write(Frame.of(CollectionAnswer.DONE, 1, new byte[CollectionSaid.WINDOW_BYTES]));
        long told = 0;
        while (writer.bytes() > 0) {
            lane.heard(new CollectionHeard(0, writer.cut(CollectionSaid.MOST_BYTES)));
            synchronized (said) {
                told = said.stream().mapToLong(CollectionSaid::taken).sum();
            }
        }
        assertThat(told).isBetween(CollectionSaid.WINDOW_BYTES * 3L / 4, CollectionSaid.WINDOW_BYTES + 100L);
        assertThat(ends).containsExactly("answer 1");
    }
}
