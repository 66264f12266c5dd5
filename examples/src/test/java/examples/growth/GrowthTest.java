// SPDX-License-Identifier: Apache-2.0
package examples.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import examples.growth.Crossover.Timing;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowthTest {
    private static final BigInteger THREE = BigInteger.valueOf(3);

    @Test
    void theLongestWalkOfABlockIsTheOneThatALookAtEachWalkFinds() {
        for (long block : new long[] {0, 1, 7, 1000}) {
            Collatz.Walk longest = Collatz.longestInBlock(block);
            long from = 0;
            int most = -1;
            for (int i = 1; i <= Collatz.BLOCK; i++) {
                int steps = walk(BigInteger.valueOf(block * Collatz.BLOCK + i));
                if (steps > most) {
                    most = steps;
                    from = block * Collatz.BLOCK + i;
                }
            }
            assertThat(longest).isEqualTo(new Collatz.Walk(from, most));
        }
    }

    /** Known from the literature: below a thousand it is 871, below ten thousand 6171. */
    @Test
    void theLongestWalksBelowAThousandAndTenThousandAreTheKnownOnes() {
        assertThat(Collatz.longestInBlock(0)).isEqualTo(new Collatz.Walk(871, 178));
        assertThat(Collatz.longestInBlock(6)).isEqualTo(new Collatz.Walk(6171, 261));
    }

    @Test
    void thereIsNoBlockBelowNought() {
        assertThatThrownBy(() -> Collatz.longestInBlock(-1))
                .hasMessage("there is no block -1; they are counted from 0");
    }

    @Test
    void theCrossoverIsTheSizeFromWhichOnThePoolWinsAlways() {
        List<Timing> timings = List.of(
                new Timing(10, 1, 50),
                new Timing(100, 60, 50),
                new Timing(1000, 40, 50),
                new Timing(2000, 90, 50),
                new Timing(4000, 180, 90));

        assertThat(Crossover.of(timings)).hasValue(2000);
        assertThat(Crossover.of(timings.subList(0, 2))).hasValue(100);
        assertThat(Crossover.of(timings.subList(0, 3))).isEmpty();
        assertThat(Crossover.of(List.of())).isEmpty();
        assertThat(Crossover.of(List.of(new Timing(10, 50, 50))))
                .as("a tie is no win")
                .isEmpty();
    }

    private static int walk(BigInteger from) {
        int steps = 0;
        for (BigInteger number = from; !number.equals(BigInteger.ONE); steps++) {
            number = number.testBit(0) ? number.multiply(THREE).add(BigInteger.ONE) : number.divide(BigInteger.TWO);
        }
        return steps;
    }
}
