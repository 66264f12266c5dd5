// SPDX-License-Identifier: Apache-2.0
package examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HowManyWithinRangeTest {
    /** Worked out once by another program. About half of a million numbers, as 5 of the 10 are within the range. */
    private static final long TOTAL = 498_954;

    @Test
    void theTableOfTwoHundredThousandRowsHasAKnownTotal() {
        long total = LongStream.range(0, HowManyWithinRange.ROWS)
                .map(HowManyWithinRange::countInRow)
                .sum();
        System.out.println(HowManyWithinRange.ROWS + " rows hold " + total + " numbers within the range");
        assertThat(total).isEqualTo(TOTAL);
    }

    @Test
    void theLinesThatAreGivenOutCountAsTheRowsDo() {
        List<String> lines = printed("1000");
        assertThat(lines).hasSize(1000);
        assertThat(lines).allMatch(line -> line.matches("[0-9]( [0-9]){4}"));
        for (int row = 0; row < lines.size(); row++) {
            assertThat(HowManyWithinRange.countInLine(lines.get(row))).isEqualTo(HowManyWithinRange.countInRow(row));
        }
    }

    @Test
    void bothEndsOfTheRangeCount() {
        assertThat(HowManyWithinRange.countInLine("3 4 8 9 6")).isEqualTo(3);
        assertThat(HowManyWithinRange.countInLine("")).isZero();
    }

    @Test
    void aLineCanBringItsRangeWithIt() {
        assertThat(HowManyWithinRange.countBetweenInLine("4 8 | 3 4 8 9 6")).isEqualTo(3);
        assertThat(HowManyWithinRange.countBetweenInLine("9 9 | 3 4 8 9 6")).isEqualTo(1);
        assertThat(HowManyWithinRange.countBetweenInLine("8 4 | 3 4 8 9 6")).isZero();
        for (String wrong : new String[] {"4 8 3 4", "4 | 3 4", "| 3 4"}) {
            assertThatThrownBy(() -> HowManyWithinRange.countBetweenInLine(wrong))
                    .hasMessage("\"" + wrong + "\" is not LEAST MOST | NUMBERS");
        }
    }

    @Test
    void allTenNumbersAreAboutEquallyFrequent() {
        long[] frequency = new long[10];
        LongStream.range(0, HowManyWithinRange.ROWS)
                .forEach(row -> Arrays.stream(HowManyWithinRange.row(row)).forEach(number -> frequency[number]++));
        System.out.println("frequencies of 0 to 9: " + Arrays.toString(frequency));
        assertThat(Arrays.stream(frequency))
                .allSatisfy(count -> assertThat(count).isBetween(99_000L, 101_000L));
    }

    @Test
    void aLineThatIsNotARowIsRefused() {
        assertThatThrownBy(() -> HowManyWithinRange.countInLine("3 five"))
                .isInstanceOf(NumberFormatException.class)
                .hasMessageContaining("five");
    }

    private static List<String> printed(String... args) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            HowManyWithinRange.main(args);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
