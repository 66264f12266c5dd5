// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResultJsonTest {
    @SuppressWarnings("ArrayRecordComponent") // users write such records
    record Page(String title, int words, @Nullable Page next, double[] scores, Optional<String> language) {}

    @Test
    void recordsAreWrittenByTheirComponentsWithNulls() {
        Page page = new Page("a\nb", 3, null, new double[] {1, Double.NaN}, Optional.of("en"));
        assertThat(ResultJson.of(page))
                .isEqualTo(
                        "{\"title\":\"a\\nb\",\"words\":3,\"next\":null,\"scores\":[1.0,\"NaN\"],\"language\":\"en\"}");
    }

    @Test
    void numbersThatJsonDoesNotHaveAreStrings() {
        assertThat(ResultJson.of(List.of(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Float.NaN, 1.5f)))
                .isEqualTo("[\"Infinity\",\"-Infinity\",\"NaN\",1.5]");
    }

    @Test
    void mapsListsAndTextOfTheJdkAreWritten() {
        assertThat(ResultJson.of(Map.of(7, List.of(Path.of("a/b"), LocalDate.of(2026, 1, 2), Duration.ofSeconds(3)))))
                .isEqualTo("{\"7\":[\"a/b\",\"2026-01-02\",\"PT3S\"]}");
        assertThat(ResultJson.of("hello".getBytes(StandardCharsets.UTF_8))).isEqualTo("\"aGVsbG8=\"");
        assertThat(ResultJson.of(null)).isEqualTo("null");
        assertThat(ResultJson.of(Optional.empty())).isEqualTo("null");
    }

    @Test
    void aMapOfAnAnonymousClassIsNotLost() {
        Map<String, Integer> map = new HashMap<>() {
            private static final long serialVersionUID = 1;
        };
        map.put("a", 1);
        assertThat(ResultJson.of(map)).isEqualTo("{\"a\":1}");
    }

    @Test
    void anObjectOfAnAnonymousClassIsRefusedRatherThanWrittenAsNull() {
        Object anonymous = new Object() {
            @Override
            public String toString() {
                return "anonymous";
            }
        };
        assertThatThrownBy(() -> ResultJson.of(anonymous)).hasMessageContaining("its class is anonymous");
    }

    @Test
    void aResultThatContainsItselfIsRefused() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        assertThatThrownBy(() -> ResultJson.of(list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("contains itself");
    }
}
