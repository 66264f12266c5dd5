// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.QueueHeard;
import io.multijvm.wire.objects.QueueSaid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who has which element where no memory is shared, when those that wait, or that put, come to their end. */
class QueueAtOwnerTest {
    private static final byte[] ELEMENT = {1};
    private static final byte[] PIECE = {2, 2};

    private final QueueAtOwner queue = new QueueAtOwner(1, 0);
    private final List<Heard> toA = new ArrayList<>();
    private final List<Heard> toB = new ArrayList<>();
    private final Client a = client(2, toA);
    private final Client b = client(3, toB);

    private static Client client(int number, List<Heard> told) {
        return new Client(number, ProcessStamp.ofThisProcess(), "client " + number, new Client.Ear() {
            @Override
            public void tell(long object, long ticket, Heard heard) {
                told.add(heard);
            }

            @Override
            public void end(String why) {}
        });
    }

    private static List<QueueHeard.Element> elements(List<Heard> told) {
        return told.stream()
                .filter(QueueHeard.Elements.class::isInstance)
                .flatMap(heard -> ((QueueHeard.Elements) heard).all().stream())
                .toList();
    }

    @Test
    void anElementIsNotGivenToATakerWhoseStreamHasEndedButToTheNext() {
        for (boolean lease : new boolean[] {false, true}) {
            toA.clear();
            toB.clear();
            a.become(Client.State.USING);
            queue.said(a, 1, new QueueSaid.Take(true, lease));
            queue.said(b, 1, new QueueSaid.Take(true, lease));
            a.become(Client.State.LOST); // its process may live, and its waits have not been taken away yet
            queue.said(b, 2, new QueueSaid.Put(ELEMENT, false));
            assertThat(elements(toA)).isEmpty();
            assertThat(elements(toB)).singleElement().satisfies(got -> {
                assertThat(got.data()).isEqualTo(ELEMENT);
                assertThat(got.attempt()).as("nobody had it before").isEqualTo(1);
            });
        }
    }

    @Test
    void anElementThatNobodyIsLeftForStaysUntilSomebodyComes() {
        queue.said(a, 1, new QueueSaid.Take(true, false));
        a.become(Client.State.LOST);
        queue.said(b, 1, new QueueSaid.Put(ELEMENT, false));
        queue.gone(a);
        queue.said(b, 2, new QueueSaid.Take(false, false));
        assertThat(elements(toA)).isEmpty();
        assertThat(elements(toB)).hasSize(1);
    }

    @Test
    void whatWasHalfPutWhenItsSenderEndedIsNoPartOfWhatIsPutUnderTheSameTicketLater() {
        queue.said(a, 1, new QueueSaid.Piece(9, PIECE));
        queue.gone(a);
        putsAloneUnderTicket9();
    }

    @Test
    void whatWasHalfPutWhenItsSenderCouldNotGoOnIsNoPartOfWhatIsPutUnderTheSameTicketLater() {
        queue.said(a, 1, new QueueSaid.Piece(9, PIECE));
        queue.said(a, 2, new QueueSaid.Leave(9));
        putsAloneUnderTicket9();
    }

    private void putsAloneUnderTicket9() {
        queue.said(a, 9, new QueueSaid.Put(ELEMENT, false));
        queue.said(b, 1, new QueueSaid.Take(false, false));
        assertThat(elements(toB)).singleElement().satisfies(got -> {
            assertThat(got.data()).isEqualTo(ELEMENT);
            assertThat(got.bytes()).isEqualTo(ELEMENT.length);
        });
    }
}
