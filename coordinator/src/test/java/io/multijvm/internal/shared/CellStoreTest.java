// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.internal.shared.CellStore.Cell;
import io.multijvm.wire.mapped.Words;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CellStoreTest {
    private long now;
    private final CellStore cells = new CellStore(null, () -> now);

    @Test
    void aCellThatWasInUseRestsBeforeItIsUsedAgainAndIsAllZerosThen() {
        Cell first = cells.take(64);
        Words.set(first.memory(), first.offset(), 7);
        long generation = first.generation();
        cells.give(first, LeftBy.ALL);
        assertThat(cells.take(64)).isNotEqualTo(first);
        // a thread that had looked before the end
        Words.set(first.memory(), first.offset() + 16, 8);
        now += TimeUnit.SECONDS.toNanos(3);
        Cell again = cells.take(64);
        assertThat(again).isEqualTo(first);
        assertThat(Words.get(again.memory(), again.offset())).isZero();
        assertThat(Words.get(again.memory(), again.offset() + 16)).isZero();
        assertThat(again.generation()).isGreaterThan(generation).isOdd();
    }

    @Test
    void aCellThatNobodyOpenedIsUsedAgainAtOnce() {
        Cell first = cells.take(1_000);
        cells.give(first, LeftBy.NOBODY);
        assertThat(cells.take(600)).isEqualTo(first);
    }

    @Test
    void cellsOfAllLengthsDoNotOverlap() {
        Set<Long> words = new HashSet<>();
        for (int i = 1; i < 200; i++) {
            Cell cell = cells.take(i * 300);
            assertThat(cell.bytes()).isGreaterThanOrEqualTo(i * 300);
            assertThat(cell.offset() % CellStore.CELL_BYTES).isZero();
            for (int at = cell.offset(); at < cell.offset() + cell.bytes(); at += CellStore.CELL_BYTES) {
                assertThat(words.add(((long) cell.segment() << 32) + at)).isTrue();
            }
        }
        assertThatThrownBy(() -> cells.take(CellStore.MOST_CELL_BYTES + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void afterItsCloseNothingCanBeTaken() {
        Cell cell = cells.take(64);
        cells.close();
        cells.give(cell, LeftBy.ALL);
        assertThatThrownBy(() -> cells.take(64))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
