// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import java.util.List;

/** The command line. */
record Arguments(Sizes sizes, boolean save, boolean help, boolean threads, boolean blast, String python) {
    static final String USAGE = """
            usage: benchmarks/run [--save] [--smoke] [--rounds N] [--threads] [--blast] [--python COMMAND]
              --save            also write benchmarks/results/DATE-COMMIT.json and .md
              --smoke           tiny counts, to see that everything runs; the figures mean nothing
              --rounds N        how often each contender is measured (default 5)
              --threads         instead, what each thread of ours costs in a call, as the kernel counts it
              --blast           instead, what is left of 100 items when one kills its process, by us and by Python's pools
              --python COMMAND  the CPython to compare with (default python3)
            """;

    static Arguments parse(List<String> words) throws BenchmarkException {
        Sizes sizes = words.contains("--smoke") ? Sizes.smoke() : Sizes.full();
        boolean save = false;
        boolean help = false;
        boolean threads = false;
        boolean blast = false;
        String python = "python3";
        for (int i = 0; i < words.size(); i++) {
            switch (words.get(i)) {
                case "--smoke" -> {} // seen above, for --rounds may come before it
                case "--save" -> save = true;
                case "--help", "-h" -> help = true;
                case "--threads" -> threads = true;
                case "--blast" -> blast = true;
                case "--python" -> python = value(words, ++i);
                case "--rounds" -> sizes = sizes.withRounds(rounds(value(words, ++i)));
                default -> throw new BenchmarkException("there is no option " + words.get(i) + "; --help lists them");
            }
        }
        return new Arguments(sizes, save, help, threads, blast, python);
    }

    private static String value(List<String> words, int at) throws BenchmarkException {
        if (at == words.size()) {
            throw new BenchmarkException(words.get(at - 1) + " needs a value; --help says which");
        }
        return words.get(at);
    }

    private static int rounds(String word) throws BenchmarkException {
        try {
            int rounds = Integer.parseInt(word);
            if (rounds >= 1) {
                return rounds;
            }
        } catch (NumberFormatException e) {
            // told below, as a number that is too small
        }
        throw new BenchmarkException("--rounds must be a whole number of at least 1, not " + word);
    }
}
