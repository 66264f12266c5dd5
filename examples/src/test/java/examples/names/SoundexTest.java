// SPDX-License-Identifier: Apache-2.0
package examples.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import examples.data.NameList;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoundexTest {
    /** Those that the archives which use the code give as examples of its rules. */
    @ParameterizedTest
    @CsvSource({
        "Robert, R163", "Rupert, R163", "Rubin, R150", "Ashcraft, A261", "Ashcroft, A261", "Tymczak, T522",
        "Pfister, P236", "Honeyman, H555", "Jackson, J250", "Washington, W252", "Lukasiewicz, L222", "Lee, L000",
        "Gutierrez, G362", "VanDeusen, V532"
    })
    void aNameHasTheCodeThatIsKnownForIt(String name, String code) {
        assertThat(Soundex.code(name)).isEqualTo(code);
    }

    @Test
    void theLastWordCountsAndItsCaseAndAccentsDoNot() {
        assertThat(Soundex.code("Ada van ROBERT ")).isEqualTo("R163");
        assertThat(Soundex.code("o'hara")).isEqualTo("O600");
    }

    @Test
    void everyGeneratedNameHasTheCodeThatReplacingLettersStepByStepGives() {
        assertThat(NameList.of(3, 500))
                .allSatisfy(name -> assertThat(Soundex.code(name)).isEqualTo(byReplacing(name)));
    }

    @Test
    void aNameWithoutLettersIsRefused() {
        assertThatThrownBy(() -> Soundex.code("Agent 47")).hasMessage("\"Agent 47\" has no letter from A to Z");
    }

    /** The rules in the order in which they are stated, each as one replacement. */
    private static String byReplacing(String name) {
        String upper = name.strip().replaceAll(".* ", "").toUpperCase(Locale.ROOT);
        String digits = upper.charAt(0) + upper.substring(1).replaceAll("[HW]", ""); // they part nothing
        String coded = digits.replaceAll("[BFPV]", "1")
                .replaceAll("[CGJKQSXZ]", "2")
                .replaceAll("[DT]", "3")
                .replaceAll("L", "4")
                .replaceAll("[MN]", "5")
                .replaceAll("R", "6")
                .replaceAll("([1-6])\\1+", "$1");
        String rest = coded.substring(1).replaceAll("[AEIOUY]", "");
        return (upper.charAt(0) + rest + "000").substring(0, 4);
    }
}
