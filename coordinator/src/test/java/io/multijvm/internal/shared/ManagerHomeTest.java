// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.wire.objects.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** When the memory of a closed object may be used for something else. */
class ManagerHomeTest {
    private static final long OBJECT = 1;
    private static final ProcessStamp ENDED =
            new ProcessStamp(999_999_999L, 1, ProcessStamp.ofThisProcess().place());

    private final List<LeftBy> left = new ArrayList<>();
    private final List<Boolean> deathsInOrder = new ArrayList<>();
    private final ManagerHome home =
            new ManagerHome(PlayedLoop.atOnce(), Runnable::run, 1, ManagerKey.random(), this::lock);

    private final List<Long> told = new ArrayList<>();
    /** Locks are made when the test says so. */
    private final List<LongConsumer> making = new ArrayList<>();

    private final List<String> owners = new ArrayList<>();

    private void lock(String object, LongConsumer made, Consumer<String> failed) {
        owners.add(object);
        making.add(made);
    }

    /** Hears nothing. */
    private static final class Deaf implements Client.Ear {
        @Override
        public void tell(long object, long ticket, Heard heard) {}

        @Override
        public void end(String why) {}
    }

    /** Hears which lock it is. */
    private Client asks() {
        return Objects.requireNonNull(home.connect(ENDED, "a worker", new Client.Ear() {
            @Override
            public void tell(long object, long ticket, Heard heard) {
                if (heard instanceof Heard.ItsLock its) {
                    told.add(its.object());
                }
            }

            @Override
            public void end(String why) {}
        }));
    }

    private Client client() {
        return Objects.requireNonNull(home.connect(ENDED, "a worker", new Deaf()));
    }

    private void add() {
        add(OBJECT);
    }

    private void add(long id) {
        OwnedObject object = new OwnedObject() {
            @Override
            public void said(Client from, long ticket, Said said) {}

            @Override
            public void gone(Client client) {
                deathsInOrder.add(client.leftInOrder());
            }
        };
        home.add(id, object, new Heard.Opened(null, 1), left::add);
    }

    @Test
    void aLockHasTheNameOfWhatItBelongsTo() {
        home.add(OBJECT, new QueueAtOwner(OBJECT, 0), new Heard.Opened(null, 1), left::add);
        add(OBJECT + 1);
        home.said(client(), OBJECT, 1, new Said.ItsLock());
        home.said(client(), OBJECT + 1, 1, new Said.ItsLock());
        assertThat(owners).containsExactly("queue 1", "object 2");
    }

    @Test
    void theMemoryIsLeftWhenAllWhoOpenedItHaveLetGoOrHaveEnded() {
        Client lives = client();
        Client dies = client();
        Client closes = client();
        add();
        home.said(lives, OBJECT, 1, new Said.Open());
        home.said(dies, OBJECT, 1, new Said.Open());
        home.said(closes, OBJECT, 1, new Said.Close());
        home.said(closes, OBJECT, 2, new Said.LetGo());
        home.said(lives, OBJECT, 2, new Said.LetGo());
        home.said(lives, OBJECT, 3, new Said.LetGo());
        assertThat(left).isEmpty();
        home.lost(dies);
        assertThat(left).containsExactly(LeftBy.ALL);
    }

    @Test
    void allWhoAskForTheLockOfAnObjectGetTheSame() {
        add();
        home.said(asks(), OBJECT, 1, new Said.ItsLock());
        home.said(asks(), OBJECT, 1, new Said.ItsLock());
        assertThat(making).hasSize(1);
        making.get(0).accept(77);
        home.said(asks(), OBJECT, 1, new Said.ItsLock());
        assertThat(told).containsExactly(77L, 77L, 77L);
        assertThat(making).hasSize(1);
    }

    @Test
    void theLockOfAnObjectIsClosedWithItAlsoIfItIsMadeTooLate() {
        for (boolean tooLate : new boolean[] {false, true}) {
            left.clear();
            add();
            Client client = asks();
            home.said(client, OBJECT, 1, new Said.ItsLock());
            add(77);
            if (tooLate) {
                home.said(client, OBJECT, 2, new Said.Close());
                making.remove(0).accept(77);
            } else {
                making.remove(0).accept(77);
                home.said(client, OBJECT, 2, new Said.Close());
            }
            assertThat(left).containsExactly(LeftBy.NOBODY);
            assertThat(home.size()).isZero();
            home.said(client, OBJECT, 3, new Said.LetGo());
        }
        assertThat(told).containsExactly(77L);
    }

    @Test
    void whatNobodyOpenedIsLeftAtOnceWhenTheManagerCloses() {
        add();
        home.close("it was enough");
        assertThat(left).containsExactly(LeftBy.NOBODY);
        add();
        assertThat(left).containsExactly(LeftBy.NOBODY, LeftBy.NOBODY);
    }

    @Test
    void whenTheManagerClosesOthersMayStillTouchWhatTheyHaveOpen() {
        Client uses = client();
        add();
        home.said(uses, OBJECT, 1, new Said.Open());
        home.close("it was enough");
        assertThat(left).containsExactly(LeftBy.SOME_USE_IT);
    }

    @Test
    void whenTheManagerClosesAThreadOfItsOwnProgramMayStillTouchWhatItHasOpen() {
        Client own = home.connectOwner(new Deaf());
        add();
        home.said(own, OBJECT, 1, new Said.Open());
        home.close("it was enough");
        home.said(own, OBJECT, 2, new Said.LetGo());
        assertThat(left).containsExactly(LeftBy.SOME_USE_IT);
    }

    @Test
    void whoSaysGoodbyeHasNotDiedInTheMiddle() {
        Client leaves = client();
        Client dies = client();
        add();
        home.said(leaves, 0, 1, new Said.Goodbye());
        home.lost(leaves);
        home.lost(dies);
        assertThat(deathsInOrder).containsExactly(true, false);
    }

    @Test
    void theNumberOfWhoHasEndedIsToldThoughNoObjectIsLeftOfIt() {
        List<Integer> gone = new ArrayList<>();
        home.whenGone(gone::add);
        Client lives = client();
        Client dies = client();
        home.lost(dies);
        assertThat(gone).containsExactly(dies.number());
        assertThat(lives.hears()).isTrue();
    }

    @Test
    void whoIsAfarHasGoneWithItsStreamAlthoughItsProcessMayLive() {
        ProcessStamp lives = ProcessStamp.ofThisProcess();
        Client near = Objects.requireNonNull(home.connect(ENDED, "a worker", new Deaf()));
        Client afar = Objects.requireNonNull(home.connect(lives, "a program at 10.0.0.7", true, new Deaf()));
        add();
        home.said(afar, OBJECT, 1, new Said.Open());
        home.lost(afar);
        assertThat(deathsInOrder).containsExactly(false);
        home.said(near, OBJECT, 1, new Said.Close());
        home.said(near, OBJECT, 2, new Said.LetGo());
        assertThat(left).as("it opened it, and needs to let go no more").containsExactly(LeftBy.ALL);
    }
}
