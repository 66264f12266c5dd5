// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jobs.Shapes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --jsonl} makes of lines. */
@Timeout(60)
class JsonLinesTest {
    @TempDir
    Path directory;

    private String jar = "";

    @BeforeEach
    void packageTheJob() {
        jar = TestJar.of(directory.resolve("job.jar"), "", Shapes.class, Shapes.Point.class, Shapes.Shape.class)
                .toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"processes", "threads", "serial"})
    void aValueBecomesARecordOfTheJobByItsGenericType(String mode) throws IOException {
        Path items = directory.resolve("items.jsonl");
        Files.writeString(items, """
                {"name":"a","corners":[{"x":2,"y":3},{"x":1,"y":1}],"weights":{"w":0.5}}
                {"name":"b","corners":[{"x":2}],"weights":{}}
                {"name":"c","corners":[],"weights":{}}
                """);
        Program program = run(new byte[0], "describe", items.toString(), mode);
        assertThat(program.out()).hasSize(3);
        assertThat(program.out().get(0)).isEqualTo("{\"index\":0,\"value\":{\"a\":7.5}}");
        assertThat(program.out().get(1))
                .startsWith("{\"index\":1,\"error\":{\"kind\":\"PAYLOAD\"")
                .contains("is not a Shape: Point needs a value for y");
        assertThat(program.out().get(2)).isEqualTo("{\"index\":2,\"value\":{\"c\":0.0}}");
        assertThat(program.err().get(0)).startsWith("PAYLOAD item 1 (line 2: ");
        assertThat(program.exitCode()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"processes", "serial"})
    void aBrokenLineEndsTheRunIsNamedAndTheResultsBeforeItStay(String mode) {
        Program program = run("[1,2]\n[3\n[4]\n".getBytes(UTF_8), "sum", "-", mode);
        assertThat(program.out()).containsExactly("{\"index\":0,\"value\":3}");
        assertThat(program.err())
                .contains("error: stdin line 2 is not one JSON value: it ends too early, behind column 2")
                .noneMatch(line -> line.startsWith("\tat "));
        assertThat(program.exitCode()).isEqualTo(74);
    }

    @Test
    void anEmptyLineIsNotSkippedForThenIndexAndLineNumberWouldPart() {
        Program program = run("[1]\n\n[2]\n".getBytes(UTF_8), "sum", "-", "serial");
        assertThat(program.out()).containsExactly("{\"index\":0,\"value\":1}");
        assertThat(program.err()).contains("error: stdin line 2 is not one JSON value: it is empty");
        assertThat(program.exitCode()).isEqualTo(74);
    }

    @Test
    void aLineThatIsNotUtf8IsBroken() {
        Program program = run(new byte[] {'"', (byte) 0xFF, '"', '\n'}, "sum", "-", "serial");
        assertThat(program.err()).contains("error: stdin line 1 is not one JSON value: it is not valid UTF-8");
        assertThat(program.exitCode()).isEqualTo(74);
    }

    private Program run(byte[] stdin, String method, String items, String mode) {
        return Program.runWith(stdin, "run", jar, "--call", "jobs.Shapes::" + method, "--jsonl", items, "--mode", mode);
    }
}
