// SPDX-License-Identifier: Apache-2.0
package io.multijvm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import examples.data.Generate;
import io.multijvm.cli.ProgramHere;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.worker.job.Conversions;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every job of the jar, run by the program in each of its modes on small generated data, has the same results in all. */
@Timeout(180)
@PromiseTest
class JobsTest {
    private static final int READERS = 40;

    /** Callable, and tried by the tests of the jobs that use them, but nobody's job. */
    private static final Set<String> PARTS = Set.of(
            "examples.HowManyWithinRange::row",
            "examples.books.Reader::ofLine",
            "examples.books.Reading::ofRow",
            "examples.books.Reading::read");

    static final List<Job> JOBS = List.of(
            Job.range("examples.Faulty::square", "0..37"),
            Job.range("examples.HowManyWithinRange::countInRow", "0..500"),
            Job.lines("examples.HowManyWithinRange::countInLine", "rows.txt"),
            Job.lines("examples.HowManyWithinRange::countBetweenInLine", "ranges.txt"),
            Job.lines("examples.books.MeanPrice::ofLine", "readers.txt"),
            Job.lines("examples.books.Genres::ofLine", "readers.txt"),
            Job.lines("examples.books.Genres::amongInLine", "genres-and-readers.txt"),
            Job.lines("examples.books.Scan::meanPriceInLine", "readers-and-table.txt"),
            Job.lines("examples.books.Scan::genresInLine", "readers-and-table.txt"),
            Job.lines("examples.books.OnePass::meanPricesOf", "tables.txt"),
            Job.lines("examples.books.OnePass::genresOf", "tables.txt"),
            Job.range("examples.growth.Collatz::longestInBlock", "0..20"),
            Job.lines("examples.names.Soundex::code", "names.txt"),
            Job.lines("examples.sweep.Projectile::atAngle", "angles.txt"),
            Job.lines("examples.sweep.Projectile::inLine", "throws.txt"),
            Job.lines("examples.sweep.Projectile::withFrozenInLine", "throws-frozen.txt"));

    @TempDir
    private static Path files;

    private static ExamplesJar jar;

    /** What is called, and the flag and word that say on what. */
    record Job(String call, String flag, String items) {
        static Job range(String call, String range) {
            return new Job(call, "--range", range);
        }

        static Job lines(String call, String file) {
            return new Job(call, "--lines", file);
        }

        int count() throws IOException {
            if (flag.equals("--range")) {
                return Integer.parseInt(items.substring(items.indexOf("..") + 2));
            }
            return Files.readAllLines(files.resolve(items)).size();
        }

        String word() {
            return flag.equals("--range") ? items : files.resolve(items).toString();
        }

        @Override
        public String toString() {
            return call;
        }
    }

    @BeforeAll
    static void makeJarAndData() throws IOException, URISyntaxException {
        jar = ExamplesJar.at(files.resolve("jobs.jar"));
        Generate.main(new String[] {
            files.toString(),
            "--readers",
            "" + READERS,
            "--books",
            "20",
            "--rows",
            "300",
            "--names",
            "12",
            "--cases",
            "25"
        });
        Path table = files.resolve("readings.csv");
        rewrite("rows.txt", "ranges.txt", line -> "2 6 | " + line);
        rewrite("readers.txt", "genres-and-readers.txt", line -> "crime|poetry|travel\t" + line);
        rewrite("reader-names.txt", "readers-and-table.txt", line -> line + "\t" + table);
        Files.write(files.resolve("tables.txt"), List.of(table.toString(), table.toString()));
    }

    private static void rewrite(String from, String to, UnaryOperator<String> line) throws IOException {
        try (Stream<String> lines = Files.lines(files.resolve(from))) {
            Files.write(files.resolve(to), lines.map(line).toList());
        }
    }

    @ParameterizedTest
    @FieldSource("JOBS")
    void aJobHasTheSameResultsInProcessesInThreadsAndSerially(Job job) throws IOException {
        List<String> serial = results(job, "--mode", "serial");

        assertThat(serial).hasSize(job.count());
        assertThat(serial).allMatch(line -> line.contains("\"value\":"));
        assertThat(new TreeSet<>(serial.stream().map(JobsTest::value).toList()))
                .as("more than one result, or the job says nothing of its items")
                .hasSizeGreaterThan(job.items().equals("tables.txt") ? 0 : 1);
        assertThat(results(job, "--mode", "threads", "-j", "3")).isEqualTo(serial);
        assertThat(results(job, "--mode", "processes", "-j", "1")).isEqualTo(serial);
    }

    @Test
    void everyMethodOfTheJarThatTheProgramCanCallIsAmongTheJobsTriedHere() throws IOException {
        Set<String> callable = new TreeSet<>();
        for (Class<?> type : jar.classes(false)) {
            if (Modifier.isPublic(type.getModifiers())) {
                Arrays.stream(type.getDeclaredMethods())
                        .filter(JobsTest::isCallable)
                        .forEach(method -> callable.add(type.getName() + "::" + method.getName()));
            }
        }
        Set<String> tried = new TreeSet<>(PARTS);
        JOBS.forEach(job -> tried.add(job.call()));
        assertThat(callable).isEqualTo(tried);
    }

    private static boolean isCallable(Method method) {
        if (!Modifier.isPublic(method.getModifiers())
                || !Modifier.isStatic(method.getModifiers())
                || method.getParameterCount() != 1) {
            return false;
        }
        Class<?> type = method.getParameterTypes()[0];
        return Conversions.takesLines(type) || Conversions.takesNumbers(type);
    }

    private static List<String> results(Job job, String... mode) {
        List<String> arguments = new ArrayList<>(
                List.of("run", jar.path().toString(), "--call", job.call(), job.flag(), job.word(), "--quiet"));
        arguments.addAll(List.of(mode));
        ProgramHere ran = ProgramHere.run(arguments.toArray(String[]::new));
        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).isZero();
        return ran.out();
    }

    private static String value(String result) {
        return result.substring(result.indexOf("\"value\":"));
    }
}
