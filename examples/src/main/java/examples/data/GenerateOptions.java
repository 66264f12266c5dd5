// SPDX-License-Identifier: Apache-2.0
package examples.data;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is generated, and where to.
 *
 * @param readers with some 4.5 books each
 * @param rows for HowManyWithinRange
 * @param cases for Projectile
 */
record GenerateOptions(Path directory, long seed, int readers, int books, int rows, int names, int cases) {
    static final String USAGE = "Generate DIR [--seed N] [--readers N] [--books N] [--rows N] [--names N] [--cases N]";

    private static final List<String> FLAGS = List.of("--seed", "--readers", "--books", "--rows", "--names", "--cases");

    private static final Map<String, Long> DEFAULTS = Map.of(
            "--seed", 1L, "--readers", 1000L, "--books", 200L, "--rows", 10_000L, "--names", 30L, "--cases", 200L);

    /** @throws IllegalArgumentException with a message of one line that says what to do */
    static GenerateOptions parse(String... args) {
        Map<String, Long> given = new HashMap<>(DEFAULTS);
        Path directory = null;
        for (int i = 0; i < args.length; i++) {
            if (FLAGS.contains(args[i])) {
                String flag = args[i];
                if (++i == args.length) {
                    throw new IllegalArgumentException(flag + " wants a number behind it; usage: " + USAGE);
                }
                given.put(flag, number(flag, args[i]));
            } else if (args[i].startsWith("-") || directory != null) {
                throw new IllegalArgumentException("\"" + args[i] + "\" is not known; usage: " + USAGE);
            } else {
                directory = Path.of(args[i]);
            }
        }
        if (directory == null) {
            throw new IllegalArgumentException("no directory for the data is given; usage: " + USAGE);
        }
        return new GenerateOptions(
                directory,
                Objects.requireNonNull(given.get("--seed")),
                count("--readers", given),
                count("--books", given),
                count("--rows", given),
                count("--names", given),
                count("--cases", given));
    }

    private static long number(String flag, String word) {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(flag + " " + word + " is not a whole number; give one such as 100", e);
        }
    }

    private static int count(String flag, Map<String, Long> given) {
        long count = Objects.requireNonNull(given.get(flag));
        if (count < 1 || count > 10_000_000) {
            throw new IllegalArgumentException(flag + " " + count + " is not within 1 to 10000000; give one that is");
        }
        return (int) count;
    }
}
