// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Measures Multijvm against CPython's multiprocessing and a raw socket, in one run.
 *
 * <p>A plain program, not JMH: what is measured are whole round trips through several processes and the kernel, of tens of
 * microseconds to seconds, in which the inlining and dead code that JMH guards against do not show; and the peers, one of
 * them in another language, have to take turns with us round by round, which JMH's forks do not let them.
 */
public final class BenchmarksMain {
    /** Set by {@code benchmarks/run}: the directory that holds it. */
    static final String HOME_PROPERTY = "multijvm.benchmarks.home";

    private BenchmarksMain() {}

    /** See {@code benchmarks/run --help}. */
    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    /** The whole program but for ending the JVM: its exit code. */
    static int run(List<String> words, PrintStream out, PrintStream err) {
        try {
            Arguments arguments = Arguments.parse(words);
            if (arguments.help()) {
                out.print(Arguments.USAGE);
                return 0;
            }
            if (arguments.threads()) {
                Profile.run(arguments.sizes(), out);
                return 0;
            }
            Path home = Path.of(System.getProperty(HOME_PROPERTY, "benchmarks"));
            if (arguments.blast()) {
                blast(arguments, home, words, out, err);
                return 0;
            }
            String command = ("benchmarks/run " + String.join(" ", words)).strip();
            Report report = measure(arguments, home, command, err);
            out.print(MarkdownTable.of(report));
            if (arguments.save()) {
                save(report, home.resolve("results"), err);
            }
            return 0;
        } catch (BenchmarkException e) {
            err.println("error: " + e.getMessage());
            return 1;
        }
    }

    static Report measure(Arguments arguments, Path home, String command, PrintStream progress)
            throws BenchmarkException {
        Sizes sizes = arguments.sizes();
        try (Suite suite = Suite.open(sizes, arguments.python(), home)) {
            Conditions conditions = Conditions.now(home, command, suite.pythonVersion(), Clock.systemUTC());
            List<Report.PartResult> results = new Runner(sizes, progress::println).run(suite.parts());
            return new Report(conditions.atTheEnd(), sizes, results);
        }
    }

    private static void blast(Arguments arguments, Path home, List<String> words, PrintStream out, PrintStream err)
            throws BenchmarkException {
        BlastPeer.Program program =
                new BlastPeer.Program(arguments.python(), home.resolve("peers").resolve("blast_peer.py"));
        Duration limit = arguments.sizes().blastLimit();
        Conditions conditions =
                Conditions.now(home, "benchmarks/run " + String.join(" ", words), program.version(), Clock.systemUTC());
        String table = BlastRadius.table(BlastRadius.run(program, limit), limit, conditions);
        out.print(table);
        if (arguments.save()) {
            write(home.resolve("results"), conditions.fileName() + "-blast.md", table);
            err.println("saved in " + home.resolve("results"));
        }
    }

    /** Two files of one name, for programs and for people. */
    static void save(Report report, Path directory, PrintStream err) throws BenchmarkException {
        String json = new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(report) + "\n";
        String name = report.conditions().fileName();
        write(directory, name + ".json", json);
        write(directory, name + ".md", MarkdownTable.of(report));
        err.println("saved as " + directory.resolve(name) + ".json and .md");
    }

    private static void write(Path directory, String name, String text) throws BenchmarkException {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BenchmarkException("the results could not be saved in " + directory + ": " + e.getMessage(), e);
        }
    }
}
