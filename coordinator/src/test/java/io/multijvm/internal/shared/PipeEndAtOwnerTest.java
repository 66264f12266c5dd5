// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.PipeHeard;
import io.multijvm.wire.objects.PipeSaid;
import io.multijvm.wire.pipe.PipeMemory;
import io.multijvm.wire.pipe.PipePart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said to the owner of a pipe where no memory is shared, and what it answers. */
class PipeEndAtOwnerTest {
    private final PipeAtOwner pipe = new PipeAtOwner(1, null, why -> {});
    private final List<Heard> toA = new ArrayList<>();
    private final List<Heard> toB = new ArrayList<>();
    private final Client a = client(2, toA);
    private final Client b = client(3, toB);
    private final PipePart part = new PipePart(true, true, 5, new byte[] {1, 2});

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

    private static List<Heard> heard(List<Heard> told) {
        List<Heard> all = List.copyOf(told);
        told.clear();
        return all;
    }

    private static PipeHeard.Yours yours(int kept) {
        return new PipeHeard.Yours(true, "", PipeMemory.RING_BYTES, kept, "");
    }

    @Test
    void whoCannotUseAnEndGivesItBackWithWhatHadArrivedAndTheNextGoesOnWithThat() {
        pipe.said(a, 1, new PipeSaid.Claim(true));
        pipe.said(a, 2, new PipeSaid.Keep(true, part));
        pipe.said(a, 3, new PipeSaid.GiveUp(true));
        pipe.said(b, 1, new PipeSaid.Claim(true));
        pipe.said(b, 2, new PipeSaid.Kept(true, 0));
        assertThat(heard(toA)).containsExactly(yours(0));
        assertThat(heard(toB)).containsExactly(yours(1), new PipeHeard.Part(true, part));
    }

    @Test
    void whoClosesAnEndThatAnotherWantsHasHeardOfThatBeforeAndTheEndMovesWhenItIsGivenUp() {
        pipe.said(a, 1, new PipeSaid.Claim(true));
        pipe.said(b, 1, new PipeSaid.Claim(true));
        pipe.said(a, 2, new PipeSaid.Close(true, false));
        assertThat(heard(toA))
                .hasExactlyElementsOfTypes(PipeHeard.Yours.class, PipeHeard.GiveUp.class, Heard.Done.class);
        assertThat(heard(toB)).isEmpty();
        pipe.said(a, 3, new PipeSaid.Keep(true, part));
        pipe.said(a, 4, new PipeSaid.GiveUp(true));
        assertThat(heard(toB)).containsExactly(yours(1));
    }

    private void isOnItsWay() {
        pipe.said(b, 1, new PipeSaid.Claim(false));
        pipe.said(a, 1, new PipeSaid.Claim(true));
        pipe.said(b, 2, new PipeSaid.Claim(true));
        pipe.said(b, 3, new PipeSaid.Leave(true, 2));
        toA.clear();
        toB.clear();
    }

    @Test
    void anEndThatIsClosedOnItsWayIsClosedWhenItHasArrivedWhoeverClosedIt() {
        for (Client closes : List.of(a, b)) {
            PipeEndAtOwnerTest fresh = new PipeEndAtOwnerTest();
            fresh.closedOnItsWay(closes.number() == a.number() ? fresh.a : fresh.b);
        }
    }

    private void closedOnItsWay(Client closes) {
        isOnItsWay();
        pipe.said(closes, 9, new PipeSaid.Close(true, false));
        assertThat(heard(closes.equals(a) ? toA : toB)).containsExactly(new Heard.Done());
        assertThat(toB).as("its holder may still take what comes").isEmpty();
        pipe.said(a, 3, new PipeSaid.GiveUp(true));
        assertThat(heard(toB)).containsExactly(new PipeHeard.Ended(false, closes + " closed it"));
        pipe.said(a, 4, new PipeSaid.Claim(true));
        assertThat(heard(toA)).containsExactly(new PipeHeard.Shut(true, closes + " closed it"));
    }

    @Test
    void anEndThatIsClosedOnItsWayByWhoHasSentItOnOrThatIsClaimedAgainStaysOpen() {
        isOnItsWay();
        pipe.said(b, 4, new PipeSaid.Close(true, true));
        pipe.said(a, 2, new PipeSaid.GiveUp(true));
        pipe.said(a, 3, new PipeSaid.Claim(true));
        assertThat(heard(toA)).containsExactly(yours(0));
        pipe.said(b, 5, new PipeSaid.Claim(true));
        pipe.said(b, 6, new PipeSaid.Leave(true, 5));
        pipe.said(b, 7, new PipeSaid.Close(true, false));
        pipe.said(b, 8, new PipeSaid.Claim(true));
        toB.clear();
        pipe.said(a, 4, new PipeSaid.GiveUp(true));
        assertThat(heard(toB)).containsExactly(yours(0));
    }

    @Test
    void whoHasAskedForAMessageHearsThatItComesNotWhenTheEndMovesAndTakesNoneFromThenOn() {
        pipe.said(a, 1, new PipeSaid.Claim(true));
        pipe.said(a, 2, new PipeSaid.Take(true));
        heard(toA);
        pipe.said(b, 1, new PipeSaid.Claim(true));
        assertThat(heard(toA)).hasExactlyElementsOfTypes(Heard.Left.class, PipeHeard.GiveUp.class);
        pipe.said(b, 2, new PipeSaid.Claim(false));
        pipe.said(b, 3, new PipeSaid.Part(false, part));
        pipe.said(a, 3, new PipeSaid.Take(true));
        assertThat(heard(toA)).containsExactly(new Heard.Left());
        pipe.said(a, 4, new PipeSaid.GiveUp(true));
        heard(toB);
        pipe.said(b, 4, new PipeSaid.Take(true));
        assertThat(heard(toB)).containsExactly(new PipeHeard.Part(true, part));
    }

    private void gone(Client client) {
        client.become(Client.State.GONE);
        pipe.gone(client);
    }

    @Test
    void anEndThatWasGivenUpForOneThatHasDiedIsClosedWhicheverComesFirst() {
        new PipeEndAtOwnerTest().givenUpForADead(true, true);
        new PipeEndAtOwnerTest().givenUpForADead(true, false);
        new PipeEndAtOwnerTest().givenUpForADead(false, false);
    }

    /** The other side waits; one that has the end is to give it up for one that dies, and that may still wait for it then. */
    private void givenUpForADead(boolean diesFirst, boolean waits) {
        List<Heard> toOther = new ArrayList<>();
        pipe.said(client(4, toOther), 1, new PipeSaid.Claim(false));
        pipe.said(a, 1, new PipeSaid.Claim(true));
        pipe.said(b, 1, new PipeSaid.Claim(true));
        if (!waits) {
            pipe.said(b, 2, new PipeSaid.Leave(true, 1));
        }
        if (diesFirst) {
            gone(b);
            toOther.clear();
        }
        pipe.said(a, 2, new PipeSaid.GiveUp(true));
        if (!diesFirst) {
            toOther.clear();
            gone(b);
        }
        assertThat(heard(toOther)).containsExactly(new PipeHeard.Ended(false, b + " has died"));
    }

    @Test
    void anEndThatWasClaimedByOneThatHasDiedGoesToWhoWantsItAfterThat() {
        pipe.said(a, 1, new PipeSaid.Claim(true));
        pipe.said(b, 1, new PipeSaid.Claim(true));
        gone(b);
        List<Heard> toNext = new ArrayList<>();
        pipe.said(client(4, toNext), 1, new PipeSaid.Claim(true));
        pipe.said(a, 2, new PipeSaid.GiveUp(true));
        assertThat(heard(toNext)).containsExactly(yours(0));
    }

    @Test
    void anEndThatTwoWantedIsClosedWhenBothHaveDiedWhoeverWasFirst() {
        List<Heard> toOther = new ArrayList<>();
        Client next = client(5, new ArrayList<>());
        pipe.said(client(4, toOther), 1, new PipeSaid.Claim(false));
        pipe.said(a, 1, new PipeSaid.Claim(true));
        pipe.said(b, 1, new PipeSaid.Claim(true));
        pipe.said(next, 1, new PipeSaid.Claim(true));
        gone(next);
        pipe.said(b, 2, new PipeSaid.Leave(true, 1));
        pipe.said(a, 2, new PipeSaid.GiveUp(true));
        toOther.clear();
        gone(b);
        assertThat(heard(toOther)).containsExactly(new PipeHeard.Ended(false, b + " has died"));
    }

    @Test
    void whoHasTheOtherEndIsToLookWhenAnEndIsGivenUpForARingOfWhoHadItMayBeLost(@TempDir Path directory)
            throws Exception {
        int bytes = PipeMemory.bytes(PipeMemory.RING_BYTES, true);
        WideFile file = WideFile.create(directory.resolve("pipe"), bytes, true);
        try {
            PipeMemory words = new PipeMemory(WideFile.window(file.address(), 0, bytes), PipeMemory.RING_BYTES);
            PipeAtOwner inMemory = new PipeAtOwner(1, new PipeAtOwner.Memory(file, words), why -> {});
            List<Heard> toOther = new ArrayList<>();
            inMemory.said(client(4, toOther), 1, new PipeSaid.Claim(false));
            inMemory.said(a, 1, new PipeSaid.Claim(true));
            inMemory.said(b, 1, new PipeSaid.Claim(true));
            toOther.clear();
            inMemory.said(a, 2, new PipeSaid.GiveUp(true));
            assertThat(heard(toOther)).containsExactly(new PipeHeard.Ring(false));
        } finally {
            file.free(true);
        }
    }
}
