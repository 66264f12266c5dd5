// SPDX-License-Identifier: Apache-2.0
package examples;

import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.StringTokenizer;
import java.util.stream.Collectors;

/**
 * How many numbers of a row lie within 4 to 8? The rows are a table of 200,000 times 5 numbers from 0 to 9. Each row
 * follows from the seed and its own number alone, so that any process can make any row without a file:
 *
 * <pre>
 * multijvm run multijvm-examples.jar --call examples.HowManyWithinRange::countInRow --range 0..200000
 * java -cp multijvm-examples.jar examples.HowManyWithinRange |
 *     multijvm run multijvm-examples.jar --call examples.HowManyWithinRange::countInLine --lines -
 * </pre>
 */
public final class HowManyWithinRange {
    /** Rows of the table. */
    public static final int ROWS = 200_000;

    private static final int COLUMNS = 5;
    private static final int NUMBERS = 10;
    private static final int LEAST = 4;
    private static final int MOST = 8;
    private static final long SEED = 100;

    private HowManyWithinRange() {}

    /** How many numbers of this row, counted from 0, are within 4 to 8. */
    public static int countInRow(long row) {
        return howManyWithin(row(row), LEAST, MOST);
    }

    /** How many of the numbers in a line such as {@code 3 5 9 1 4} are within 4 to 8. */
    public static int countInLine(String row) {
        return howManyWithin(numbers(row), LEAST, MOST);
    }

    /** Three arguments in a line such as {@code 4 8 | 3 5 9 1 4}: how many of the row are within the first two. */
    public static int countBetweenInLine(String line) {
        int bar = line.indexOf('|');
        int[] range = numbers(line.substring(0, Math.max(bar, 0)));
        if (range.length != 2) {
            throw new IllegalArgumentException("\"" + line + "\" is not LEAST MOST | NUMBERS");
        }
        return howManyWithin(numbers(line.substring(bar + 1)), range[0], range[1]);
    }

    /** How many of the numbers are at least {@code least} and at most {@code most}. */
    public static int howManyWithin(int[] numbers, int least, int most) {
        int within = 0;
        for (int number : numbers) {
            if (number >= least && number <= most) {
                within++;
            }
        }
        return within;
    }

    /** Prints the table, or its first rows, as lines. */
    public static void main(String[] args) {
        int rows = args.length == 0 ? ROWS : Integer.parseInt(args[0]);
        PrintStream out = new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.UTF_8);
        for (int row = 0; row < rows; row++) {
            out.println(Arrays.stream(row(row)).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
        }
        out.flush();
    }

    /** The numbers of this row, counted from 0. */
    public static int[] row(long row) {
        int[] numbers = new int[COLUMNS];
        for (int column = 0; column < COLUMNS; column++) {
            numbers[column] = (int) Long.remainderUnsigned(mixed(SEED + row * COLUMNS + column), NUMBERS);
        }
        return numbers;
    }

    private static int[] numbers(String text) {
        StringTokenizer words = new StringTokenizer(text);
        int[] numbers = new int[words.countTokens()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Integer.parseInt(words.nextToken());
        }
        return numbers;
    }

    /** Spreads neighbouring numbers over all longs: the output function of the SplitMix64 generator. */
    private static long mixed(long number) {
        long z = (number + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
