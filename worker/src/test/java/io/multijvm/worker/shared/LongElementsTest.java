// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.ForyCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedQueue;
import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.mapped.QueueSegment;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.QueueSaid;
import io.multijvm.wire.objects.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * An element that no segment holds is refused whichever way leads to the queue, before anything is said to its owner; and what
 * its owner hears of one that goes in pieces.
 */
class LongElementsTest {
    private static final int MOST = 20_000;
    /** Which all bytes have before them. */
    private static final int TAG = 1;

    private final ValueCodec codec =
            new ValueCodec(new ForyCodec(), LongElementsTest.class.getClassLoader(), AllowList.of(Set.of()));
    private final List<Said> said = new ArrayList<>();

    /** Takes what it is given, and less of it at a time than others. */
    private class Owner extends OwnerLine {
        private final int most;

        Owner(int most) {
            super(1, "00");
            this.most = most;
        }

        @Override
        int mostElementBytes() {
            return most;
        }

        @Override
        public int client() {
            return 2;
        }

        @Override
        public void say(long object, long ticket, Said what) {
            said.add(what);
            heard(object, ticket, what instanceof Said.Open ? new Heard.Opened(null, 1) : new Heard.IsSo(true));
        }

        @Override
        protected ValueCodec codec() {
            return codec;
        }
    }

    private final SharedQueue<Object> queue = queueOf(new Owner(MOST));

    @SuppressWarnings("unchecked")
    private static SharedQueue<Object> queueOf(OwnerLine owner) {
        return (SharedQueue<Object>)
                owner.client(new SharedHandle("unix:/nowhere", 1, "00", 7, ObjectKind.QUEUE.name()))
                        .face();
    }

    private interface Puts {
        void put(Object element) throws Exception;
    }

    @Test
    void whateverPutsItIsToldHowLongItIsAndHowLongItMayBeAndTheOwnerHearsOfNothing() {
        List<Puts> all = List.of(queue::put, queue::offer, queue::add, element -> {
            boolean unused = queue.offer(element, 1, TimeUnit.SECONDS);
        });
        for (Object element : List.of(new byte[MOST], "x".repeat(MOST))) {
            for (Puts way : all) {
                assertThatThrownBy(() -> way.put(element))
                        .isInstanceOf(PayloadException.class)
                        .hasMessageMatching(
                                "an element of 2\\d{4} bytes cannot be put: a queue takes up to 20000\\..*");
            }
        }
        assertThat(said).isEmpty();
    }

    @Test
    void theLongestIsPutAsItIs() throws Exception {
        byte[] longest = new byte[MOST - TAG];
        queue.put(longest);
        assertThat(said)
                .last()
                .isInstanceOfSatisfying(
                        QueueSaid.Put.class, put -> assertThat(put.data()).hasSize(MOST));
    }

    /** @param second what it is to send then, when a piece has been sent */
    private void theOwnerIsToldThatTheSenderLeavesWhenItsMemoryEndsAt(Class<? extends QueueSaid> second) {
        SharedQueue<Object> full = queueOf(new Owner(4 * QueueSaid.MOST_BYTES) {
            @Override
            public void say(long object, long ticket, Said what) {
                if (second.isInstance(what) && said.stream().anyMatch(QueueSaid.Piece.class::isInstance)) {
                    throw new OutOfMemoryError("Java heap space");
                }
                super.say(object, ticket, what);
            }
        });
        assertThatThrownBy(() -> full.put(new byte[3 * QueueSaid.MOST_BYTES])).isInstanceOf(OutOfMemoryError.class);
        QueueSaid.Piece sent = said.stream()
                .filter(QueueSaid.Piece.class::isInstance)
                .map(QueueSaid.Piece.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(said).last().isEqualTo(new QueueSaid.Leave(sent.transfer()));
    }

    @Test
    void theOwnerIsToldThatItNeedNotKeepThePiecesOfASenderWhoseMemoryEndsBetweenTwo() {
        theOwnerIsToldThatTheSenderLeavesWhenItsMemoryEndsAt(QueueSaid.Piece.class);
    }

    @Test
    void theOwnerIsToldThatItNeedNotKeepThePiecesOfASenderWhoseMemoryEndsBeforeTheLast() {
        theOwnerIsToldThatTheSenderLeavesWhenItsMemoryEndsAt(QueueSaid.Put.class);
    }

    @Test
    void aSegmentHoldsTheLongestThereIs() {
        assertThat(QueueSegment.BEGIN + QueueSegment.room(QueueSegment.MOST_ELEMENT_BYTES))
                .isPositive()
                .isLessThanOrEqualTo(WideFile.PART_BYTES);
        assertThat(
                        new OwnerLine(1, "00") {
                            @Override
                            public int client() {
                                return 2;
                            }

                            @Override
                            public void say(long object, long ticket, Said what) {}

                            @Override
                            protected ValueCodec codec() {
                                return codec;
                            }
                        }.mostElementBytes())
                .isEqualTo(QueueSegment.MOST_ELEMENT_BYTES);
    }
}
