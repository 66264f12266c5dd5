// SPDX-License-Identifier: Apache-2.0
package examples.data;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Lines of numbers: rows for {@code HowManyWithinRange}, cases for {@code Projectile}. */
final class Numbers {
    private static final int COLUMNS = 5;
    private static final int DIGITS = 10;
    private static final int LEAST_ANGLE = 5;
    private static final int MOST_ANGLE = 85;
    private static final int LEAST_SPEED = 5;
    private static final int MOST_SPEED = 60;

    private Numbers() {}

    /** Rows of five numbers from 0 to 9. */
    static List<String> rows(long seed, int rows) {
        Random random = new Random(seed);
        return Stream.generate(() -> IntStream.range(0, COLUMNS)
                        .mapToObj(column -> Integer.toString(random.nextInt(DIGITS)))
                        .collect(Collectors.joining(" ")))
                .limit(rows)
                .toList();
    }

    /** Throws, as {@code ANGLE SPEED} in degrees and metres a second. */
    static List<String> cases(long seed, int cases) {
        Random random = new Random(seed);
        return Stream.generate(
                        () -> tenths(random, LEAST_ANGLE, MOST_ANGLE) + " " + tenths(random, LEAST_SPEED, MOST_SPEED))
                .limit(cases)
                .toList();
    }

    private static String tenths(Random random, int least, int most) {
        return String.format(Locale.ROOT, "%.1f", least + random.nextInt((most - least) * 10 + 1) / 10.0);
    }
}
