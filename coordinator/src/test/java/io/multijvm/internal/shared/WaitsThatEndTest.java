// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.internal.shared.CellStore.Cell;
import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.objects.BarrierSaid;
import io.multijvm.wire.objects.EventSaid;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.LatchSaid;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.objects.SemaphoreSaid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who asks to wait no longer is told whether what it waited for came just before, and exactly once. */
class WaitsThatEndTest {
    private final CellStore cells = new CellStore(null);
    private final Client a = client(2);
    private final Client b = client(3);
    private final List<String> told = new ArrayList<>();

    private Client client(int number) {
        return new Client(number, ProcessStamp.ofThisProcess(), "client " + number, new Client.Ear() {
            @Override
            public void tell(long object, long ticket, Heard heard) {
                told.add(number + "/" + ticket + " " + (heard instanceof Heard.Broken ? "Broken" : heard.toString()));
            }

            @Override
            public void end(String why) {}
        });
    }

    @AfterEach
    void close() {
        cells.close();
    }

    private Cell cell() {
        return cells.take(CellStore.CELL_BYTES);
    }

    private List<String> said(OwnedObject object, Client from, long ticket, Said said) {
        told.clear();
        object.said(from, ticket, said);
        return List.copyOf(told);
    }

    @Test
    void aPartyThatLeavesTooLateHasPassedTheBarrier() {
        BarrierAtOwner barrier = new BarrierAtOwner(1, 2, null);
        assertThat(said(barrier, a, 1, new BarrierSaid.Arrive())).isEmpty();
        assertThat(said(barrier, b, 1, new BarrierSaid.Arrive()))
                .containsExactly("2/1 Count[number=1]", "3/1 Count[number=0]");
        assertThat(said(barrier, a, 2, new BarrierSaid.Leave(1)))
                .as("it has its answer")
                .isEmpty();
        assertThat(said(barrier, b, 2, new BarrierSaid.Ask())).as("not broken").containsExactly("3/2 Count[number=0]");
    }

    @Test
    void aPartyThatLeavesInTimeBreaksTheBarrierForTheOthersAlone() {
        BarrierAtOwner barrier = new BarrierAtOwner(1, 3, null);
        said(barrier, a, 1, new BarrierSaid.Arrive());
        said(barrier, b, 1, new BarrierSaid.Arrive());
        assertThat(said(barrier, a, 2, new BarrierSaid.Leave(1))).containsExactly("2/1 Left[]", "3/1 Broken");
    }

    @Test
    void whoLeavesASemaphoreTooLateHasItsPermits() {
        SemaphoreAtOwner semaphore = new SemaphoreAtOwner(1, cell(), 0, 5);
        said(semaphore, a, 1, new SemaphoreSaid.Acquire(2));
        said(semaphore, b, 1, new SemaphoreSaid.Acquire(1));
        assertThat(said(semaphore, a, 2, new SemaphoreSaid.Leave(1))).containsExactly("2/1 Left[]");
        assertThat(said(semaphore, a, 3, new SemaphoreSaid.Release(1))).containsExactly("2/3 Done[]", "3/1 Done[]");
        assertThat(said(semaphore, b, 2, new SemaphoreSaid.Leave(1))).isEmpty();
        assertThat(said(semaphore, b, 3, new SemaphoreSaid.Ask())).containsExactly("3/3 Count[number=0]");
    }

    @Test
    void morePermitsThanThereCanBeAreRefusedAndHoldNobodyUp() {
        SemaphoreAtOwner semaphore = new SemaphoreAtOwner(1, cell(), 3, 3);
        assertThat(said(semaphore, a, 1, new SemaphoreSaid.Acquire(4)))
                .singleElement()
                .asString()
                .contains("Refused", "at most 3 permits was asked for 4");
        assertThat(said(semaphore, b, 1, new SemaphoreSaid.Acquire(3))).containsExactly("3/1 Done[]");
    }

    @Test
    void whoLeavesAnEventOrALatchIsToldOnce() {
        EventAtOwner event = new EventAtOwner(1, cell());
        said(event, a, 1, new EventSaid.Wait());
        assertThat(said(event, a, 2, new EventSaid.Leave(1))).containsExactly("2/1 Left[]");
        assertThat(said(event, a, 3, new EventSaid.Leave(1))).isEmpty();
        LatchAtOwner latch = new LatchAtOwner(2, cell(), 1);
        said(latch, a, 1, new LatchSaid.Wait());
        assertThat(said(latch, b, 1, new LatchSaid.CountDown(1))).containsExactlyInAnyOrder("3/1 Done[]", "2/1 Done[]");
        assertThat(said(latch, a, 2, new LatchSaid.Leave(1))).isEmpty();
    }
}
