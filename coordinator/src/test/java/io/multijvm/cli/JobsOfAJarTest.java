// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jobs.Breaking;
import jobs.Counting;
import jobs.OfLists;
import jobs.Own;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A class of the jar that implements {@code Job}, as what is run. */
@Timeout(60)
class JobsOfAJarTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"processes", "threads", "serial"})
    void theOnlyRegisteredJobRunsOnItsOwnItemsInEveryMode(String mode) {
        String jar = jar(List.of("jobs.Own"));
        Program program = Program.run("run", jar, "--mode", mode);
        assertThat(program.out())
                .containsExactly(
                        "{\"index\":0,\"value\":\"item 1 of job\"}",
                        "{\"index\":1,\"value\":\"item 2 of job\"}",
                        "{\"index\":2,\"value\":\"item 3 of job\"}");
        assertThat(program.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"counting", "jobs.Counting"})
    void aJobIsChosenByItsNameOrItsClass(String name) {
        String jar = jar(List.of("jobs.Own", "jobs.Counting"));
        Program program = Program.runWith(
                "[1,2]\n[\"x\"]\n[3]\n".getBytes(UTF_8), "run", jar, "--job", name, "--jsonl", "-", "--mode", "serial");
        assertThat(program.out().get(0)).isEqualTo("{\"index\":0,\"value\":\"1: 3\"}");
        assertThat(program.out().get(1)).contains("PAYLOAD", "is not a List");
        assertThat(program.out().get(2)).isEqualTo("{\"index\":2,\"value\":\"2: 3\"}");
        assertThat(program.exitCode()).isEqualTo(1);
    }

    @Test
    void aJobThatIsNotRegisteredIsFoundByItsClass() {
        assertThat(Program.run("run", jar(List.of()), "--job", "jobs.Own", "--mode", "serial")
                        .out())
                .hasSize(3);
    }

    @Test
    void aWorkerKeepsItsJobFromItemToItem() {
        byte[] items = "[1]\n[1]\n[1]\n".getBytes(UTF_8);
        String jar = jar(List.of("jobs.Counting"));
        Program program = Program.runWith(items, "run", jar, "--jsonl", "-", "-j", "1");
        assertThat(program.out())
                .containsExactly(
                        "{\"index\":0,\"value\":\"1: 1\"}",
                        "{\"index\":1,\"value\":\"2: 1\"}",
                        "{\"index\":2,\"value\":\"3: 1\"}");
    }

    @Test
    void itemsThatBreakOffAreToldAsTheJobsOwnAndTheResultsBeforeThemStay() {
        Program program = Program.run("run", jar(List.of("jobs.Breaking")), "--mode", "serial");
        assertThat(program.out()).containsExactly("{\"index\":0,\"value\":0}");
        assertThat(program.err())
                .contains("error: the items of job jobs.Breaking broke off: java.lang.IllegalStateException: "
                        + "the table is locked");
        assertThat(program.exitCode()).isEqualTo(74);
    }

    private String jar(List<String> registered) {
        return TestJar.of(
                        directory.resolve("job.jar"),
                        "",
                        registered,
                        Own.class,
                        Own.Item.class,
                        Counting.class,
                        OfLists.class,
                        Breaking.class,
                        breakingIterator())
                .toString();
    }

    private static Class<?> breakingIterator() {
        return new Breaking().items().iterator().getClass();
    }
}
