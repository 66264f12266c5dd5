// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Pool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pools whose tasks, items and results are copies. */
interface CopiesContract extends PoolUnderTest {

    @Test
    default void whatATaskChangesInItsItemIsNotSeenByTheCaller() {
        List<Integer> item = new ArrayList<>();
        try (Pool pool = newPool()) {
            List<List<Integer>> results = pool.<List<Integer>, List<Integer>>map(Tasks::addOne, List.of(item));
            assertThat(results).containsExactly(List.of(1));
            assertThat(item).isEmpty();
        }
    }

    @Test
    default void whatATaskChangesInACapturedObjectIsNotSeenByTheCaller() {
        ArrayList<Integer> captured = new ArrayList<>();
        int[] counter = {0};
        try (Pool pool = newPool()) {
            pool.<Integer, Boolean>map(captured::add, List.of(1, 2));
            pool.apply(() -> {
                counter[0]++;
            });
            assertThat(captured).isEmpty();
            assertThat(counter[0]).isZero();
        }
    }

    @Test
    default void aResultIsTheCallersOwn() {
        ArrayList<Integer> captured = new ArrayList<>(List.of(1));
        try (Pool pool = newPool()) {
            List<Integer> result = pool.<List<Integer>>apply(() -> captured);
            assertThat(result).isEqualTo(captured).isNotSameAs(captured);
            int[] array = {1, 2};
            int[] copy = pool.<int[]>apply(() -> array);
            assertThat(copy).isEqualTo(array).isNotSameAs(array);
        }
    }
}
