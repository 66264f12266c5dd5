// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import jobs.Borrowing;
import jobs.Counting;
import jobs.Derived;
import jobs.OfLists;
import jobs.Own;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with a command is said in one line, with what to do, before anything runs. */
@Timeout(60)
class BadCommandTest {
    @TempDir
    Path directory;

    @BeforeEach
    void packageTheJob() throws IOException {
        TestJar.ofSample(directory);
        TestJar.of(
                directory.resolve("jobs.jar"),
                "",
                List.of("jobs.Own", "jobs.Counting"),
                Own.class,
                Counting.class,
                OfLists.class);
        TestJar.of(directory.resolve("stale.jar"), "", List.of("jobs.Gone"), Counting.class);
        Files.writeString(directory.resolve("text.jar"), "not a jar");
        System.clearProperty("jobs.Sample.initialised");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                                       | Missing required subcommand
            rnu                                                                      | did you mean run?
            --halp                                                                   | did you mean --help?
            run                                                                      | JOB.jar
            run D/job.jar --range 0..1                                               | --call
            run D/none.jar --call jobs.Sample::doubled --range 0..1                  | there is no such file
            run D --call jobs.Sample::doubled --range 0..1                           | is not a file
            run D/text.jar --call jobs.Sample::doubled --range 0..1                  | is not a jar
            run D/job.jar --call jobs.Sample.doubled --range 0..1                    | write it as pkg.Class::method
            run D/job.jar --call jobs.Sampel::doubled --range 0..1                   | did you mean jobs.Sample?
            run D/job.jar --call Sample::doubled --range 0..1                        | did you mean jobs.Sample?
            run D/job.jar --call org.x.Y::doubled --range 0..1                       | there is no class org.x.Y
            run D/job.jar --call jobs.Sample::duobled --range 0..1                   | did you mean doubled?
            run D/job.jar --call jobs.Sample::xyz --range 0..1                       | has no method xyz; it has both
            run D/job.jar --call jobs.Sample::notPublic --range 0..1                 | is not public
            run D/job.jar --call jobs.Sample::notStatic --range 0..1                 | is not static
            run D/job.jar --call jobs.Sample::two --range 0..1                       | takes 2 parameters
            run D/job.jar --call jobs.Sample::none --range 0..1                      | takes no parameter
            run D/job.jar --call jobs.Sample::listed --lines D/text.jar              | a line cannot become
            run D/job.jar --call jobs.Sample::colour --range 0..1                    | a number cannot become
            run D/job.jar --call jobs.Sample::unclear --lines D/text.jar             | is ambiguous
            run D/job.jar --call jobs.Sample::doubled                                | nothing says what the items are
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --lines -         | give one of them
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --jsonl -         | give one of them
            run D/job.jar --call jobs.Sample::length --jsonl D/none.txt              | --jsonl D/none.txt: there is no such
            run D/job.jar --call jobs.Sample::length --jsonl D                       | is a directory
            run D/job.jar --call jobs.Sample::thread --jsonl D/text.jar              | a JSON value cannot become
            run D/job.jar --call jobs.Sample::length --glob D/*.none                 | matches no file, seen from
            run D/job.jar --call jobs.Sample::length --glob D/[a                     | is not a pattern
            run D/job.jar --call jobs.Sample::doubled --glob D/*.jar                 | a path cannot become the parameter
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --job X           | both say what is run
            run D/job.jar --call jobs.Sample::doubled --range 0..1 more              | "more" is one argument too many
            run D/job.jar --range 0..1                                               | registers no job; give --call
            run D/job.jar --job jobs.Sample --range 0..1                             | does not implement io.multijvm.task.Job
            run D/job.jar --job jobs.None --range 0..1                               | is no job in D/job.jar; it registers
            run D/jobs.jar --range 0..1                                              | has several jobs: jobs.Counting, jobs.Own
            run D/jobs.jar --job Sum --range 0..1                                    | it has jobs.Counting, jobs.Own
            run D/jobs.jar --job jobs.Counting                                       | has none of its own; give --lines
            run D/jobs.jar --job jobs.Counting --range 0..1                          | a number cannot become the List
            run D/stale.jar --range 0..1                                             | jobs.Gone not found; correct its
            run D/job.jar --jars D/none.jar --call jobs.Sample::doubled --range 0..1 | --jars: D/none.jar does not exist
            run D/job.jar --jars D/text.jar --call jobs.Sample::doubled --range 0..1 | D/text.jar is not a jar
            run D/job.jar --main jobs.Sample                                         | has no public static void main
            run D/job.jar --main jobs.None                                           | --main: there is no class jobs.None
            run D/job.jar --main jobs.Sample --range 0..1                            | --range means nothing with --main
            run D/job.jar --main jobs.Sample -j 2                                    | --workers means nothing with --main
            run D/job.jar --call jobs.Sample::doubled --range 5..1                   | the smaller number first: 1..5
            run D/job.jar --call jobs.Sample::doubled --range 5                      | write two whole numbers as A..B
            run D/job.jar --call jobs.Sample::doubled --range 0..9999999999999999999 | out of bounds
            run D/job.jar --call jobs.Sample::length --lines D/none.txt              | there is no such file
            run D/job.jar --call jobs.Sample::length --lines D                       | is a directory
            run D/job.jar --call jobs.Sample::doubled --range 0..1 -j 0              | --workers must be at least 1, not 0
            run D/job.jar --call jobs.Sample::doubled --range 0..1 -j 2000000000     | has room for
            run D/job.jar --call jobs.Sample::doubled --range 0..1 -j two            | is not an int
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --chunk 0         | --chunk must be at least 1
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --retries -1      | --retries must be at least 0
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --heap much       | write it as 512m or 2g
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --memory-limit lots | --memory-limit "lots" is not a size
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --heap 1g --memory-limit 1g | raise it
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --retry-heap much | write it as 512m or 2g
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --heap 64m --retry-heap 32m | is not more than the 64 MiB
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --mode serial --memfree 1g | --memfree means nothing
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --memfree 900t    | write it as 512m or 2g
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --memfree 900000g | is more than the
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --heap-dump D/job.jar | is not a directory
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --java D          | has no bin/java
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --mode cluster    | give processes, threads or serial
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --wrokers 2       | did you mean --workers?
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --results D/x/y   | its directory does not exist
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --results D/job.jar | exists already
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --mode threads --heap 1g | --heap means nothing
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --mode threads --retry-heap 1g | --retry-heap means nothing
            run D/job.jar --call jobs.Sample::doubled --range 0..1 --mode serial -j 2 | --workers means nothing
            compare D/job.jar --range 0..1                                           | registers no job
            compare D/job.jar --main jobs.Sample                                     | --main runs a program
            compare D/none.jar --call jobs.Sample::doubled --range 0..1              | there is no such file
            compare D/job.jar --call jobs.Sample::duobled --range 0..1               | did you mean doubled?
            compare D/job.jar --call jobs.Sample::doubled                            | nothing says what the items are
            compare D/job.jar --call jobs.Sample::doubled --range 5..5               | there are no items
            compare D/job.jar --call jobs.Sample::length --lines D/none.txt          | there is no such file
            compare D/job.jar --call jobs.Sample::doubled --range 0..1 --modes fibres | give serial, threads or processes
            compare D/job.jar --call jobs.Sample::doubled --range 0..1 --modes serial -j 2 | --workers means nothing
            compare D/job.jar --call jobs.Sample::doubled --range 0..1 -j 1,0        | --workers must be at least 1
            compare D/job.jar --call jobs.Sample::doubled --range 0..1 -j 1,x        | is not an int
            compare D/job.jar --call jobs.Sample::doubled --range 0..1 --runs 0      | --runs must be at least 1
            compare D/job.jar --call jobs.Sample::doubled --range 0..1 --warmup -1   | --warmup must be at least 0
            compare D/job.jar --call jobs.Sample::doubled --range 0..1 --heap-total lots | not a memory size
            compare D/job.jar --call jobs.Sample::doubled --range 0..1 --heap-total 90m -j 1 | needs 96m at least
            compare D/job.jar --call jobs.Sample::doubled --range 0..1 --heap-total 900t | is more than the
            compare D/job.jar --call jobs.Sample::doubled --range 0..9 --with-fault melt@1 | halt, segv, oom, exit, kill, stop, hang
            compare D/job.jar --call jobs.Sample::doubled --range 0..9 --with-fault halt@9 | there are 9 items
            compare D/job.jar --call jobs.Sample::doubled --range 0..1 --trial-timeout 0s | must be more than nothing
            compare D/job.jar --call jobs.Sample::doubled --range 0..1 --timeout soon   | is not a time
            compare D/job.jar --call jobs.Sample::doubled --range 0..1 --export-md D/job.jar | --export-md
            compare D/job.jar --call jobs.Sample::doubled --range 0..1 --export-json D/x/y | its directory does not exist
            """)
    void isSaidInOneLine(String command, String said) {
        String line = here(command);
        String[] args =
                Arrays.stream(line.split(" ")).filter(each -> !each.isEmpty()).toArray(String[]::new);
        Program program = Program.run(args);
        assertThat(program.err())
                .singleElement()
                .asString()
                .startsWith("error: ")
                .contains(here(said));
        assertThat(program.out()).isEmpty();
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(System.getProperty("jobs.Sample.initialised"))
                .as("code of the job that ran")
                .isNull();
    }

    private String here(String text) {
        return text.replaceAll("\\bD\\b", directory.toString());
    }

    @Test
    void aClassWhoseDependencyIsMissingIsNamedWithTheMissingOne() {
        String jar = TestJar.of(directory.resolve("b.jar"), "", Derived.class, Borrowing.class)
                .toString();
        Program program = Program.run("run", jar, "--call", "jobs.Derived::doubled", "--range", "0..1");
        assertThat(program.err())
                .singleElement()
                .asString()
                .contains("class jobs.Derived", "cannot be linked", "jobs/Sample", "Class-Path");
        assertThat(program.exitCode()).isEqualTo(2);
    }

    @Test
    void helpAndVersionGoToStdout() {
        Program help = Program.run("run", "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(String.join("\n", help.out())).contains("--lines=FILE|-", "--range=A..B", "Exit code");
        Program version = Program.run("--version");
        assertThat(version.out()).singleElement().asString().matches("multijvm [0-9]+\\.[0-9]+\\..*");
        assertThat(version.exitCode()).isZero();
    }
}
