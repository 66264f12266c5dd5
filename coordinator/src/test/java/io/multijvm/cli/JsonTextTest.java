// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"1", "-0.5e3", "\"\\u00e9 \\n\"", "null", "true", " {\"a\":[1,{}],\"b\":null} ", "[]"})
    void oneValueHasNoFlaw(String text) {
        assertThat(JsonText.flaw(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `  `                  | it is empty
            {"a":1                | it ends too early, behind column 6
            ["x                   | Unterminated string
            {"a" 1}               | Expected ':' near column 7
            {a:1}                 | malformed near column 3
            {"a":1} {"b":2}       | malformed near column 10
            1 2                   | malformed near column
            'x'                   | malformed
            NaN                   | malformed
            01                    | malformed
            [1,]                  | malformed
            TRUE                  | malformed
            ["\\q"]               | Invalid escape sequence
            // note               | malformed
            """)
    void whatIsWrongIsSaidWithItsColumnAndWithoutAdviceToBeLenient(String text, String flaw) {
        assertThat(JsonText.flaw(text))
                .hasValueSatisfying(
                        told -> assertThat(told).contains(flaw).doesNotContain("Reader", "http", "\n", "line"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"a\tb\"]", "\"\u0001\""})
    void aControlCharacterInAStringIsAFlaw(String text) {
        assertThat(JsonText.flaw(text)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000})
    void nestingWithoutEndIsAFlawAndNoStackOverflow(int depth) {
        assertThat(JsonText.flaw("[".repeat(depth))).isPresent();
    }
}
