// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.CollectionWork.Kind;
import io.multijvm.testkit.CollectionWork.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What proves that others are right must notice when they are not. */
class CollectionHistoryTest {
    private static final long ONE = 5;
    private static final long OTHER = 7;
    private static final long KEY = 3;
    private static final long START = CollectionWork.first(0);

    private final CollectionHistory history = new CollectionHistory();
    private final Map<String, Long> counters = new HashMap<>();
    private final Map<String, Value> values = new HashMap<>();
    private final List<Turn> turns = new ArrayList<>();

    /** Both did each once; the second came too late to put under the key, and replaced what the first had put. */
    @BeforeEach
    void bothDoEachOnce() {
        did(Kind.COUNT, ONE, 1, false, 0);
        did(Kind.MERGE, ONE, 2, false, 0);
        did(Kind.JOIN, ONE, number(ONE, Kind.JOIN), true, 0);
        did(Kind.PUT_IF_ABSENT, ONE, number(ONE, Kind.PUT_IF_ABSENT), true, KEY);
        did(Kind.REPLACE, ONE, START, true, 0);
        did(Kind.ADD, ONE, number(ONE, Kind.ADD), false, 0);
        did(Kind.LEAVE, ONE, number(ONE, Kind.LEAVE), false, 0);
        did(Kind.PUTS, ONE, number(ONE, Kind.PUTS), false, 0);
        did(Kind.COUNT, OTHER, 1, false, 0);
        did(Kind.MERGE, OTHER, 1, false, 0);
        did(Kind.JOIN, OTHER, number(OTHER, Kind.JOIN), false, 0);
        did(Kind.PUT_IF_ABSENT, OTHER, number(ONE, Kind.PUT_IF_ABSENT), false, KEY);
        did(Kind.REPLACE, OTHER, number(ONE, Kind.REPLACE), true, 0);
        counters.putAll(Map.of(CollectionWork.own(ONE), 1L, CollectionWork.own(OTHER), 1L, "all", 2L));
        history.first(KEY, number(ONE, Kind.PUT_IF_ABSENT));
        history.listed(number(ONE, Kind.ADD));
        history.member(CollectionWork.memberNumber(0));
        values.put(CollectionWork.register(0), Value.of(number(OTHER, Kind.REPLACE), 0));
        values.put(CollectionWork.register(1), Value.of(CollectionWork.first(1), 0));
        values.put(CollectionWork.own(ONE), Value.of(number(ONE, Kind.PUTS), CollectionWork.PARTS - 1));
    }

    private static long number(long pid, Kind kind) {
        return CollectionWork.number(pid, place(kind));
    }

    /** Each kind comes once in so many turns, in this place. */
    private static int place(Kind kind) {
        return List.of(Kind.values()).indexOf(kind);
    }

    private void did(Kind kind, long pid, long value, boolean told, long seen) {
        assertThat(turns.stream().filter(turn -> turn.pid() == pid)).hasSize(place(kind));
        turns.add(new Turn(pid, 1, 2, value, told, seen, 0, 3, 4, 0));
    }

    /** Its last turn is not known to have come to an end. */
    private void cutLast() {
        Turn last = turns.remove(turns.size() - 1);
        turns.add(new Turn(last.pid(), 1, 0, 0, false, 0, 0, 0, 0, 9));
    }

    private List<String> wrong() {
        return history.wrong(turns, counters, values);
    }

    @Test
    void whatIsRightIsRight() {
        assertThat(wrong()).isEmpty();
        assertThat(history.returned()).isEqualTo(turns.size());
    }

    @Test
    void whatWasCutMayBeDone() {
        cutLast();
        assertThat(wrong()).isEmpty();
        assertThat(history.doneOfCut()).isEqualTo(1);
    }

    @Test
    void whatWasCutMayBeUndone() {
        cutLast();
        values.put(CollectionWork.register(0), Value.of(number(ONE, Kind.REPLACE), 0));
        assertThat(wrong()).isEmpty();
        assertThat(history.doneOfCut()).isZero();
        assertThat(history.cut()).isEqualTo(1);
    }

    @Test
    void aCountThatIsLostOrDoneTwiceIsNoticed() {
        counters.put(CollectionWork.own(ONE), 2L);
        counters.put("all", 1L);
        assertThat(wrong()).hasSize(3).allMatch(text -> text.contains("counter of 5") || text.contains("the sum"));
    }

    @Test
    void twoThatPutTheSameAreNoticed() {
        turns.set(11, new Turn(OTHER, 1, 2, number(OTHER, Kind.PUT_IF_ABSENT), true, KEY, 0, 3, 4, 0));
        assertThat(wrong()).singleElement().asString().contains("found what is not there");
    }

    @Test
    void twoThatReplaceTheSameAndOneThatIsLostAreNoticed() {
        turns.set(12, new Turn(OTHER, 1, 2, START, true, 0, 0, 3, 4, 0));
        assertThat(wrong())
                .contains(START + " was replaced twice")
                .anyMatch(text -> text.contains("were lost from register 0"));
    }

    @Test
    void aReplacementThatIsUndoneIsNoticed() {
        values.put(CollectionWork.register(0), Value.of(number(ONE, Kind.REPLACE), 0));
        assertThat(wrong()).anyMatch(text -> text.endsWith("was replaced and is there"));
    }

    @Test
    void anElementThatComesTwiceOrThatNobodyAddedIsNoticed() {
        history.listed(number(ONE, Kind.ADD));
        history.listed(CollectionWork.number(99, 4));
        assertThat(wrong()).hasSize(2);
    }

    @Test
    void twoThatAddedTheSameMemberAndOneThatNobodyAddedAreNoticed() {
        turns.set(10, new Turn(OTHER, 1, 2, number(OTHER, Kind.JOIN), true, 0, 0, 3, 4, 0));
        history.member(CollectionWork.memberNumber(0));
        assertThat(wrong())
                .hasSize(2)
                .anyMatch(text -> text.startsWith("member 0"))
                .anyMatch(text -> text.contains("once too often"));
    }

    @Test
    void aPutThatIsNotTheLastIsNoticed() {
        values.put(CollectionWork.own(ONE), Value.of(number(ONE, Kind.PUTS), 0));
        assertThat(wrong()).singleElement().asString().contains("last put");
    }
}
