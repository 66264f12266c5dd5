// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With --json a program can read all that a person could. */
@Timeout(60)
class JsonOnStderrTest {
    @TempDir
    Path directory;

    private String jar = "";

    @BeforeEach
    void packageTheJob() {
        jar = TestJar.ofSample(directory).toString();
    }

    private static List<JsonObject> objects(Program program) {
        return program.err().stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    @Test
    void failuresAndTheSummaryAreObjectsOfAKnownVersion() {
        Program program = Program.run(
                "run", jar, "--call", "jobs.Sample::oddOnly", "--range", "1..4", "--mode", "serial", "--json");
        assertThat(program.exitCode()).isEqualTo(1);
        List<JsonObject> said = objects(program);
        assertThat(said)
                .allSatisfy(each ->
                        assertThat(each.get("schema_version").getAsInt()).isEqualTo(1));
        JsonObject failure = said.stream()
                .filter(each -> each.get("type").getAsString().equals("failure"))
                .findFirst()
                .orElseThrow();
        assertThat(failure.get("index").getAsLong()).isEqualTo(1);
        assertThat(failure.get("item").getAsString()).isEqualTo("number 2");
        assertThat(failure.get("kind").getAsString()).isEqualTo("TASK");
        assertThat(failure.get("message").getAsString()).contains("2 is even");
        JsonObject summary = said.get(said.size() - 1);
        assertThat(summary.get("type").getAsString()).isEqualTo("summary");
        assertThat(summary.get("complete").getAsBoolean()).isTrue();
        assertThat(summary.get("ok").getAsLong()).isEqualTo(2);
        assertThat(summary.get("failed").getAsLong()).isEqualTo(1);
        assertThat(summary.get("total").getAsLong()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--range 5..1", "--rnage 0..1", "--lines none.txt", "--range 0..1 --color red"})
    void theOneErrorLineIsAnObjectToo(String wrong) {
        Program program = Program.run(("run " + jar + " --call jobs.Sample::doubled --json " + wrong).split(" "));
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(objects(program)).singleElement().satisfies(each -> {
            assertThat(each.get("type").getAsString()).isEqualTo("error");
            assertThat(each.get("message").getAsString()).isNotBlank();
        });
    }

    @Test
    void quietLeavesOnlyFailuresAndErrors() {
        Program fine = Program.run(
                "run", jar, "--call", "jobs.Sample::doubled", "--range", "1..4", "--mode", "serial", "--json", "-q");
        assertThat(fine.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-q --progress bar",
                "--no-progress --progress plain",
                "--json --progress bar",
                "--json --color always",
                "--progress loud"
            })
    void flagsThatContradictEachOtherAreRefused(String flags) {
        Program program = Program.run(("run " + jar + " --call jobs.Sample::doubled --range 0..1 " + flags).split(" "));
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.out()).isEmpty();
        assertThat(program.err()).singleElement().asString().containsAnyOf("leave one of the two out", "give one of");
    }

    @Test
    void whatATaskThrowsCannotSteerTheTerminal() {
        assertThat(new TextWording(Look.PLAIN).error("a\u001B[2Jb\u0007")).isEqualTo("error: a?[2Jb?");
    }
}
