// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What proves that others are right must notice when they are not. */
class LockHistoryTest {
    private static final long BEFORE = 7;

    /** Owners at 10 to 15, 20 to 25 and so on, with tokens 8, 9 and so on. */
    private static List<Turn> good(int owners) {
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < owners; i++) {
            turns.add(owner(i));
        }
        return turns;
    }

    private static Turn owner(int i) {
        long at = 10 + 10L * i;
        return new Turn(100 + i % 3, at - 5, at, BEFORE + 1 + i, false, i, at + 2, at + 5, at + 6, 0);
    }

    /** As the owner of that number, but killed three later with the lock; the next one of the list is told. */
    private static void kill(List<Turn> turns, int i) {
        Turn owner = turns.get(i);
        turns.set(
                i,
                new Turn(
                        owner.pid(),
                        owner.asked(),
                        owner.acquired(),
                        owner.value(),
                        owner.told(),
                        owner.seen(),
                        owner.sign(),
                        0,
                        0,
                        owner.acquired() + 3));
        tell(turns, i + 1);
    }

    private static void tell(List<Turn> turns, int i) {
        Turn next = turns.get(i);
        turns.set(
                i,
                new Turn(
                        next.pid(),
                        next.asked(),
                        next.acquired(),
                        next.value(),
                        true,
                        next.seen(),
                        next.sign(),
                        next.releasing(),
                        next.released(),
                        next.killed()));
    }

    /** It died when it had asked. */
    private static Turn asked(long at) {
        return new Turn(200, at, 0, 0, false, 0, 0, 0, 0, at + 3);
    }

    private static List<String> wrong(List<Turn> turns) {
        List<Turn> inAnyOrder = new ArrayList<>(turns);
        Collections.reverse(inAnyOrder);
        return new LockHistory(BEFORE, inAnyOrder).wrong();
    }

    @Test
    void whatCanBeIsNotComplainedOf() {
        List<Turn> turns = good(9);
        assertThat(wrong(turns)).isEmpty();
        kill(turns, 2);
        kill(turns, 3);
        assertThat(wrong(turns)).isEmpty();
        LockHistory history = new LockHistory(BEFORE, turns);
        assertThat(history.waits()).containsExactly(7L, 7L);
        assertThat(history.diedInside()).isEqualTo(2);
        assertThat(history.acquisitions()).isEqualTo(9);
        turns.add(asked(33));
        assertThat(wrong(turns)).as("it may have waited").isEmpty();
    }

    @Test
    void twoOwnersAtATimeAreFound() {
        List<Turn> turns = good(5);
        Turn long2 = turns.get(2);
        turns.set(
                2,
                new Turn(
                        long2.pid(),
                        long2.asked(),
                        long2.acquired(),
                        long2.value(),
                        false,
                        long2.seen(),
                        41,
                        42,
                        43,
                        0));
        assertThat(wrong(turns)).singleElement().asString().startsWith("two owners at a time");
    }

    @Test
    void anOwnerThatComesBeforeTheOneBeforeWasKilledIsFound() {
        List<Turn> turns = good(5);
        kill(turns, 2);
        assertThat(wrong(turns)).isEmpty();
        Turn dead = turns.get(2);
        turns.set(
                2, new Turn(dead.pid(), dead.asked(), dead.acquired(), dead.value(), false, dead.seen(), 32, 0, 0, 41));
        assertThat(wrong(turns)).singleElement().asString().startsWith("two owners at a time");
        turns.set(
                2, new Turn(dead.pid(), dead.asked(), dead.acquired(), dead.value(), false, dead.seen(), 42, 0, 0, 33));
        assertThat(wrong(turns))
                .as("it gave a sign of life")
                .singleElement()
                .asString()
                .startsWith("two owners");
    }

    @Test
    void tokensThatDoNotRiseAreFound() {
        List<Turn> turns = good(5);
        Turn same = turns.get(3);
        turns.set(3, new Turn(same.pid(), same.asked(), same.acquired(), same.value() - 1, false, 3, 42, 45, 46, 0));
        assertThat(wrong(turns)).anyMatch(what -> what.startsWith("the same token twice"));
        Turn fallen = turns.get(3);
        turns.set(3, new Turn(fallen.pid(), 35, 40, BEFORE + 20, false, 4, 42, 45, 46, 0));
        assertThat(wrong(turns)).anyMatch(what -> what.startsWith("two owners at a time"));
    }

    @Test
    void aTokenThatNobodyHadIsFoundUnlessOneDiedThatHadAsked() {
        List<Turn> turns = good(6);
        turns.remove(3);
        renumber(turns);
        assertThat(wrong(turns))
                .hasSize(2)
                .anyMatch(what -> what.startsWith("not told of the death of the owner of token 11"))
                .anyMatch(what -> what.startsWith("1 tokens are missing, but only 0 died"));
        tell(turns, 3);
        turns.add(asked(38));
        assertThat(wrong(turns)).isEmpty();
        assertThat(new LockHistory(BEFORE, turns).missing()).isEqualTo(1);
    }

    @Test
    void aDeathThatTheNextOwnerWasNotToldOfIsFoundAndOneThatWasNone() {
        List<Turn> turns = good(5);
        kill(turns, 2);
        turns.set(3, owner(3));
        assertThat(wrong(turns)).singleElement().asString().startsWith("not told of the death");
        List<Turn> lives = good(5);
        tell(lives, 2);
        assertThat(wrong(lives)).singleElement().asString().startsWith("told of a death that was none");
    }

    @Test
    void aCountThatWentWrongIsFound() {
        List<Turn> turns = good(5);
        Turn lost = turns.get(3);
        turns.set(3, new Turn(lost.pid(), lost.asked(), lost.acquired(), lost.value(), false, 2, 42, 45, 46, 0));
        assertThat(wrong(turns)).isNotEmpty().allMatch(what -> what.startsWith("counted wrong"));
    }

    @Test
    void whoLivesAndWasNeverAnsweredOrNeverReleasedItIsFound() {
        List<Turn> turns = good(3);
        turns.add(new Turn(104, 50, 0, 0, false, 0, 0, 0, 0, 0));
        assertThat(wrong(turns)).singleElement().asString().startsWith("lives, and was never answered");
        List<Turn> kept = good(3);
        kept.set(2, new Turn(102, 25, 30, BEFORE + 3, false, 2, 31, 0, 0, 0));
        assertThat(wrong(kept)).singleElement().asString().startsWith("lives, and never released it");
    }

    @Test
    void morePermitsOutThanThereAreAreFound() {
        List<Turn> turns = List.of(permits(10, 20, 2, 0), permits(20, 30, 1, 0), permits(21, 25, 1, 0));
        assertThat(new PermitHistory(2, turns).wrong()).isEmpty();
        assertThat(new PermitHistory(2, turns).most()).isEqualTo(2);
        List<Turn> dead = List.of(permits(10, 0, 2, 22), permits(21, 25, 1, 0));
        assertThat(new PermitHistory(2, dead).wrong())
                .singleElement()
                .asString()
                .startsWith("3 permits of 2 are out at 21");
        assertThat(new PermitHistory(3, dead).wrong()).isEmpty();
        List<Turn> unanswered = List.of(permits(10, 20, 0, 0));
        assertThat(new PermitHistory(3, unanswered).wrong()).hasSize(1);
    }

    private static Turn permits(long from, long to, long permits, long killed) {
        return new Turn(100, from - 1, from, permits, false, 0, from + 1, to, to, killed);
    }

    /** What is counted, as if who is missing had not counted. */
    private static void renumber(List<Turn> turns) {
        for (int i = 0; i < turns.size(); i++) {
            Turn turn = turns.get(i);
            turns.set(
                    i,
                    new Turn(
                            turn.pid(),
                            turn.asked(),
                            turn.acquired(),
                            turn.value(),
                            turn.told(),
                            i,
                            turn.sign(),
                            turn.releasing(),
                            turn.released(),
                            turn.killed()));
        }
    }
}
