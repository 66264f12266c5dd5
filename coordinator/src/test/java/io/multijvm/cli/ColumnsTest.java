// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnsTest {
    @ParameterizedTest
    @CsvSource({"abc, 3", "'', 0", "\u6F22\u5B57, 4", "e\u0301t\u00E9, 3", "\uD83D\uDE80, 2", "\u2717 \u21BB, 3"})
    void aLetterIsAsWideAsATerminalDrawsIt(String text, int columns) {
        assertThat(Columns.of(text)).isEqualTo(columns);
    }

    @Test
    void whatDoesNotFitIsLeftOutWholly() {
        assertThat(Columns.fit("\u6F22\u5B57", 3)).isEqualTo("\u6F22");
        assertThat(Columns.fit("\uD83D\uDE80", 1)).isEmpty();
        assertThat(Columns.fit("abc", 3)).isEqualTo("abc");
        assertThat(Columns.fit("abc", 0)).isEmpty();
    }
}
