// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jobs.Documents;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --glob} makes of files. */
@Timeout(60)
class GlobbedFilesTest {
    @TempDir
    Path directory;

    private String jar = "";

    @BeforeEach
    void packageTheJob() throws IOException {
        jar = TestJar.of(directory.resolve("job.jar"), "", Documents.class).toString();
        Files.writeString(directory.resolve("b.txt"), "bb");
        Files.createDirectory(directory.resolve("a"));
        Files.writeString(directory.resolve("a/a.txt"), "a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "file", "text"})
    void aFileIsAPathAFileOrAString(String method) {
        Program program = run(method, directory + "/**/*.txt", "serial");
        assertThat(program.out()).containsExactly("{\"index\":0,\"value\":1}", "{\"index\":1,\"value\":2}");
        assertThat(program.exitCode()).isZero();
    }

    @Test
    void workersFindTheFiles() {
        assertThat(run("path", directory + "/**/*.txt", "processes").out())
                .containsExactly("{\"index\":0,\"value\":1}", "{\"index\":1,\"value\":2}");
    }

    @Test
    void aFileThatFailsIsNamed() {
        Program program = run("fails", directory + "/b.*", "serial");
        assertThat(program.err().get(0)).startsWith("TASK item 0 (file \"" + directory);
    }

    private Program run(String method, String pattern, String mode) {
        return Program.run("run", jar, "--call", "jobs.Documents::" + method, "--glob", pattern, "--mode", mode);
    }
}
