// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TimeLimitAndOrderFlagsTest {
    @TempDir
    Path directory;

    private String jar = "";

    @BeforeEach
    void packageTheJob() {
        jar = TestJar.ofSample(directory).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"serial", "threads"})
    void anItemThatRunsTooLongIsBegunAgainOnceAndThenFailsWithItsStack(String mode) {
        Program program = Program.run(
                "run", jar, "--call", "jobs.Sample::sleepsOnTwo", "--range", "0..4", "--mode", mode, "--timeout", "1s");

        assertThat(program.exitCode()).isEqualTo(1);
        assertThat(program.out()).hasSize(4);
        assertThat(program.out().get(2))
                .startsWith(
                        "{\"index\":2,\"error\":{\"kind\":\"TIMEOUT\",\"message\":\"item 2: timed out after 1 s in ")
                .contains("jobs.Sample.sleepsOnTwo(Sample.java:")
                .endsWith("\"attempts\":2}}");
        assertThat(String.join("\n", program.err())).contains("TIMEOUT", "jobs.Sample.sleepsOnTwo(Sample.java:");
    }

    @ParameterizedTest
    @CsvSource({"exception, 2", "'crash,exception', 2", "'timeout, oom', 1"})
    void anItemThatThrowsIsBegunAgainOnlyWhereRetryOnNamesExceptions(String kinds, int attempts) {
        Program program = Program.run(
                "run",
                jar,
                "--call",
                "jobs.Sample::oddOnly",
                "--range",
                "1..3",
                "--mode",
                "threads",
                "--retry-on",
                kinds);

        assertThat(program.exitCode()).isEqualTo(1);
        assertThat(program.out()).first().isEqualTo("{\"index\":0,\"value\":1}");
        assertThat(program.out())
                .last()
                .asString()
                .contains("\"kind\":\"TASK\"")
                .endsWith("\"attempts\":" + attempts + "}}");
    }

    @Test
    void howOftenToRetryMeansSomethingWithoutProcessesOnceExceptionsCount() {
        String[] run = {"run", jar, "--call", "jobs.Sample::oddOnly", "--range", "2..3", "--mode", "serial"};
        assertThat(Program.run(plus(run, "--retries", "3")).err())
                .containsExactly("error: --retries means nothing with --mode serial; leave one of the two out");
        assertThat(Program.run(plus(run, "--retries", "3", "--retry-on", "exception"))
                        .out())
                .singleElement()
                .asString()
                .endsWith("\"attempts\":4}}");
    }

    private static String[] plus(String[] words, String... more) {
        return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void withoutOrderAnItemThatIsDoneComesBeforeASlowOne() {
        Program program = Program.run(
                "run",
                jar,
                "--call",
                "jobs.Sample::slowOnZero",
                "--range",
                "0..3",
                "--mode",
                "threads",
                "-j",
                "2",
                "--unordered");

        assertThat(program.exitCode()).isZero();
        assertThat(program.out())
                .containsExactlyInAnyOrder(
                        "{\"index\":0,\"value\":0}", "{\"index\":1,\"value\":1}", "{\"index\":2,\"value\":2}");
        assertThat(program.out()).containsSubsequence("{\"index\":1,\"value\":1}", "{\"index\":0,\"value\":0}");
    }

    @Test
    void timesAreReadAsTheyAreWritten() {
        Map.of(
                        "500ms", Duration.ofMillis(500),
                        "30s", Duration.ofSeconds(30),
                        "1.5s", Duration.ofMillis(1500),
                        "5m", Duration.ofMinutes(5),
                        "2h", Duration.ofHours(2))
                .forEach((text, time) ->
                        assertThat(Durations.parse(text, "--timeout")).isEqualTo(time));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-5s", "5 s", "1,5s", "5d", "99999999999h"})
    void whatIsNoTimeIsRefusedWithTheForms(String text) {
        assertThatThrownBy(() -> Durations.parse(text, "--timeout"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("is not a time; write it as 500ms, 30s, 5m or 2h");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "0.0m"})
    void noTimeAtAllIsRefused(String text) {
        Program program =
                Program.run("run", jar, "--call", "jobs.Sample::doubled", "--range", "0..4", "--timeout", text);
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.err()).containsExactly("error: --timeout must be more than nothing, not " + text);
    }
}
