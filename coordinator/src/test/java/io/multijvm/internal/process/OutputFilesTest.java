// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Captured output is bounded, and its last lines are readable whatever was written. */
@Timeout(60)
class OutputFilesTest {
    @TempDir
    Path directory;

    private OutputFiles files;

    @BeforeEach
    void files() {
        files = new OutputFiles(directory.resolve("out"), directory.resolve("err"));
    }

    @Test
    void theLastLinesComeFromBothStreams() throws IOException {
        Files.writeString(files.stdout(), numbered("out", 100));
        Files.writeString(files.stderr(), "Picked up JAVA_TOOL_OPTIONS: -Dx\nonly one\n\n");
        assertThat(files.last(4)).containsExactly("out 97", "out 98", "out 99", "only one");
        Files.writeString(files.stderr(), numbered("err", 100));
        assertThat(files.last(4)).containsExactly("out 98", "out 99", "err 98", "err 99");
    }

    @Test
    void bytesThatAreNoTextAndLinesWithoutEndAreMadeReadable() throws IOException {
        Files.write(files.stdout(), new byte[] {'a', (byte) 0xff, (byte) 0xc3, 27, '[', '3', '1', 'm', '\n'});
        Files.writeString(files.stderr(), "x".repeat(10_000_000));
        List<String> lines = files.last(10);
        assertThat(lines).hasSize(2).allMatch(line -> line.length() < 600);
        assertThat(lines.get(0)).startsWith("a").contains("[31m").doesNotContain("\u001b");
    }

    @Test
    void missingFilesAreEmpty() {
        assertThat(files.last(10)).isEmpty();
        assertThat(files.first(10)).isEmpty();
        assertThat(OutputFiles.NONE.last(10)).isEmpty();
        files.bound(10);
    }

    @Test
    void aFileAboveItsCapKeepsItsTailAndSaysSo() throws IOException {
        Files.writeString(files.stdout(), numbered("line", 100_000));
        files.bound(100_000);
        assertThat(Files.size(files.stdout())).isLessThan(30_000);
        assertThat(Files.readString(files.stdout(), StandardCharsets.UTF_8))
                .startsWith("[multijvm: ")
                .contains(" bytes of earlier output dropped]\n")
                .endsWith("line 99999\n");
    }

    @Test
    void aFloodStaysBoundedWhileItFlows() throws IOException {
        try (Launches launches = new Launches()) {
            LaunchedWorker worker = launches.script("flood");
            long[] most = {0};
            int[] cuts = {0};
            await().atMost(Duration.ofSeconds(50))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> {
                        long before = Files.size(worker.output().stdout());
                        worker.boundOutput();
                        long after = Files.size(worker.output().stdout());
                        most[0] = Math.max(most[0], after);
                        cuts[0] += after < before ? 1 : 0;
                        return cuts[0] >= 3;
                    });
            assertThat(most[0]).isLessThan(2 * OutputFiles.CAP_BYTES);
            assertThat(worker.lastOutput(3)).hasSize(3);
        }
    }

    private static String numbered(String word, int lines) {
        StringBuilder text = new StringBuilder();
        IntStream.range(0, lines)
                .forEach(i -> text.append(word).append(' ').append(i).append('\n'));
        return text.toString();
    }
}
