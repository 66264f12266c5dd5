// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What proves that others are right must notice when they are not. */
class MemberHistoryTest {
    private final MemberHistory history = new MemberHistory();

    private void adds(int begins, int answered, boolean told) {
        history.did(turn(begins, answered, told), true);
    }

    private void removes(int begins, int answered, boolean told) {
        history.did(turn(begins, answered, told), false);
    }

    private static Turn turn(int begins, int answered, boolean told) {
        return new Turn(1, begins, answered, 1, told, 0, 0, answered, answered, 0);
    }

    private void isCut(int begins, boolean adds) {
        history.did(new Turn(1, begins, 0, 0, false, 0, 0, 0, 0, begins + 1L), adds);
    }

    @Test
    void oneAfterTheOtherIsRight() {
        adds(1, 2, true);
        adds(3, 4, false);
        removes(5, 6, true);
        removes(7, 8, false);
        adds(9, 10, true);
        assertThat(history.wrong(true)).isEmpty();
    }

    @Test
    void whatIsDoneAtOneTimeMayBeDoneInAnyOrder() {
        adds(1, 9, false);
        removes(2, 8, true);
        adds(3, 7, true);
        removes(4, 6, false);
        assertThat(history.wrong(false)).isEmpty();
    }

    @Test
    void twoThatBothAddedTheSameAreNoticed() {
        adds(1, 9, true);
        adds(2, 8, true);
        assertThat(history.wrong(true)).singleElement().asString().contains("no order");
    }

    @Test
    void twoThatBothRemovedTheSameAreNoticed() {
        adds(1, 2, true);
        removes(3, 9, true);
        removes(4, 8, true);
        assertThat(history.wrong(false)).singleElement().asString().contains("no order");
    }

    @Test
    void anAnswerThatComesTooEarlyForItsReasonIsNoticed() {
        adds(1, 2, false);
        adds(3, 4, true);
        assertThat(history.wrong(true)).singleElement().asString().contains("no order");
    }

    @Test
    void anElementThatIsLostOrComesBackIsNoticed() {
        adds(1, 2, true);
        assertThat(history.wrong(false)).singleElement().asString().contains("in the end");
    }

    @Test
    void whatWasCutIsDoneOrNot() {
        isCut(1, true);
        isCut(3, false);
        adds(5, 6, true);
        assertThat(history.wrong(true)).isEmpty();
        assertThat(history.doneOfCut()).isZero();
    }

    @Test
    void whatWasCutAndMustHaveBeenDoneIsCounted() {
        isCut(1, true);
        adds(3, 4, false);
        isCut(5, false);
        assertThat(history.wrong(false)).isEmpty();
        assertThat(history.doneOfCut()).isEqualTo(2);
    }

    @Test
    void whatWasCutIsDoneOnceAndNotBeforeItBegan() {
        isCut(1, true);
        removes(3, 4, true);
        removes(5, 6, true);
        isCut(7, true);
        assertThat(history.wrong(false)).singleElement().asString().contains("no order");
    }
}
