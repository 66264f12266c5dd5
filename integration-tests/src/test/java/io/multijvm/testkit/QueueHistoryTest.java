// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What proves that others are right must notice when they are not. */
class QueueHistoryTest {
    private static final long PRODUCER = 5;
    private static final long TAKER = 7;
    private static final long OTHER = 8;

    private final List<Turn> puts = new ArrayList<>();
    private final List<Turn> takes = new ArrayList<>();

    private void put(boolean returned) {
        long number = returned ? QueueWork.number(PRODUCER, puts.size()) : 0;
        puts.add(turn(PRODUCER, number, 0, returned, 0));
    }

    private static Turn turn(long pid, long value, long attempt, boolean whole, long killed) {
        return new Turn(
                pid, 1, value == 0 ? 0 : 2, value, attempt > 1, attempt, 0, whole ? 3 : 0, whole ? 4 : 0, killed);
    }

    private void take(long taker, int turn, long attempt) {
        takes.add(turn(taker, QueueWork.number(PRODUCER, turn), attempt, true, 0));
    }

    private void dieWith(long taker, int turn, long attempt) {
        takes.add(turn(taker, QueueWork.number(PRODUCER, turn), attempt, false, 9));
    }

    private List<String> wrong(boolean leases) {
        return new QueueHistory(leases, puts, takes).wrong();
    }

    @Test
    void whatIsRightIsRight() {
        put(true);
        put(true);
        put(true);
        put(false);
        dieWith(TAKER, 0, 1);
        take(OTHER, 1, 1);
        take(OTHER, 0, 2);
        take(OTHER, 2, 1);
        assertThat(wrong(true)).isEmpty();
        take(OTHER, 3, 1); // it was put all the same
        assertThat(wrong(true)).isEmpty();
    }

    @Test
    void aLossIsSeen() {
        put(true);
        put(true);
        take(TAKER, 1, 1);
        assertThat(wrong(true)).singleElement().asString().contains("is lost");
        assertThat(wrong(false)).singleElement().asString().contains("1 are lost");
        dieWith(OTHER, 0, 1);
        assertThat(wrong(true)).singleElement().asString().contains("is lost");
        assertThat(wrong(false)).isEmpty();
    }

    @Test
    void whatComesTwiceIsSeen() {
        put(true);
        take(TAKER, 0, 1);
        take(OTHER, 0, 2);
        assertThat(wrong(true)).singleElement().asString().contains("taken again");
        takes.clear();
        dieWith(TAKER, 0, 1);
        take(OTHER, 0, 1);
        assertThat(wrong(true)).singleElement().asString().contains("twice");
        takes.clear();
        dieWith(TAKER, 0, 1);
        take(OTHER, 0, 2);
        assertThat(wrong(true)).isEmpty();
        assertThat(wrong(false)).isNotEmpty();
    }

    @Test
    void whatNobodyPutIsSeen() {
        put(true);
        take(TAKER, 0, 1);
        take(TAKER, 1, 1);
        assertThat(wrong(true)).singleElement().asString().contains("nobody put");
    }

    @Test
    void aWrongOrderIsSeen() {
        put(true);
        put(true);
        take(TAKER, 1, 1);
        take(TAKER, 0, 1);
        assertThat(wrong(true)).singleElement().asString().contains("came after");
    }

    @Test
    void aLargeOneMayComeLateForEachThatDiedAndNoMore() {
        for (int turn = 0; turn < 16; turn++) {
            put(true);
        }
        for (int turn = 0; turn < 16; turn++) {
            if (turn != 7) {
                take(TAKER, turn, 1);
            }
        }
        take(TAKER, 7, 1);
        assertThat(wrong(false)).singleElement().asString().contains("came after");
        takes.add(turn(OTHER, 0, 0, false, 9));
        assertThat(wrong(false)).isEmpty();
        assertThat(wrong(true)).anyMatch(each -> each.contains("came after"));
    }
}
