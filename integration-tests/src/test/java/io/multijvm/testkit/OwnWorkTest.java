// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.testkit.OwnWork.Book;
import io.multijvm.testkit.OwnWork.History;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What proves that others are right must notice when they are not. */
class OwnWorkTest {
    private static final byte[] NO_BYTES = {};

    private final Book book = new Book();

    private static Turn done(long pid, long answer) {
        return new Turn(pid, 1, 2, answer, false, 0, 0, 3, 4, 0);
    }

    private static Turn cut(long pid) {
        return new Turn(pid, 1, 0, 0, false, 0, 0, 0, 0, 9);
    }

    private long booked(long pid, long number) {
        return book.book(pid, number, OwnWork.slip(pid, number));
    }

    @Test
    void whatReturnedWasDoneAndWhatWasCutMayBe() {
        Turn first = done(5, booked(5, 1));
        Turn second = done(7, booked(7, 1));
        booked(7, 2);
        History history = new History(book, List.of(first, cut(5), second, cut(7)));
        assertThat(history.wrong()).isEmpty();
        assertThat(List.of(history.returned(), (long) history.cut(), (long) history.doneOfCut()))
                .containsExactly(2L, 2L, 1L);
    }

    @Test
    void aCallThatIsLostOrThatNobodyMadeIsNoticed() {
        Turn first = done(5, booked(5, 1));
        booked(7, 1);
        assertThat(new History(book, List.of(first, done(5, 2))).wrong())
                .anyMatch(text -> text.startsWith("of 5 2 calls returned"))
                .anyMatch(text -> text.startsWith("booked were"));
    }

    @Test
    void anAnswerThatIsGivenTwiceOrComesTooLateIsNoticed() {
        booked(5, 1);
        booked(5, 2);
        booked(7, 1);
        assertThat(new History(book, List.of(done(5, 2), done(5, 1), done(7, 2))).wrong())
                .containsExactly("5 was answered 1 after 2", "answer 2 was given twice");
    }

    @Test
    void whatIsDoneTwiceOrTornThrows() {
        booked(5, 1);
        assertThatThrownBy(() -> booked(5, 1)).hasMessageContaining("came after 1");
        Book other = new Book();
        assertThatThrownBy(() -> other.book(5, 1, NO_BYTES)).hasMessageContaining("torn");
    }
}
