// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.failure.ItemOutput;
import io.multijvm.internal.result.Printed;
import io.multijvm.wire.mapped.OutputRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    private static OutputRange stdout(long from, long to) {
        return new OutputRange(from, to, 0, 0);
    }

    @Test
    void anItemsPartIsReadAloneWhereverItLies() throws IOException {
        Files.writeString(files.stdout(), "one\ntwo\n\nthree\n");
        Files.writeString(files.stderr(), "odd");
        assertThat(files.read(stdout(4, 9), OutputFiles.Bounds.FAILED))
                .isEqualTo(new ItemOutput(List.of("two", ""), List.of()));
        assertThat(files.read(new OutputRange(9, OutputRange.END, 0, OutputRange.END), OutputFiles.Bounds.FAILED))
                .isEqualTo(new ItemOutput(List.of("three"), List.of("odd")));
        // a lie of the worker's
        assertThat(files.read(stdout(1000, 2000), OutputFiles.Bounds.FAILED)).isEqualTo(ItemOutput.EMPTY);
    }

    @Test
    void placesSurviveCuts() throws IOException {
        String before = numbered("before", 20_000);
        String mine = "mine 1\nmine 2\n";
        Files.writeString(files.stdout(), before + mine);
        long from = before.length();
        files.bound(40_000);
        assertThat(files.stdoutBase()).isPositive();
        assertThat(files.stdoutBase() + Files.size(files.stdout())).isEqualTo(from + mine.length());
        assertThat(files.read(stdout(from, from + mine.length()), OutputFiles.Bounds.FAILED)
                        .stdout())
                .containsExactly("mine 1", "mine 2");

        String after = numbered("after", 20_000);
        Files.writeString(files.stdout(), after, StandardOpenOption.APPEND);
        files.bound(40_000);
        long to = from + mine.length() + after.length();
        assertThat(files.stdoutBase() + Files.size(files.stdout())).isEqualTo(to);
        // some of it is gone, and of the rest the last lines are told
        List<String> told =
                files.read(stdout(from, to), OutputFiles.Bounds.FAILED).stdout();
        assertThat(told).hasSize(201).last().isEqualTo("after 19999");
        long kept = told.subList(1, told.size()).stream()
                .mapToLong(line -> line.length() + 1)
                .sum();
        assertThat(told.get(0)).isEqualTo("[multijvm: " + (to - from - kept) + " bytes of earlier output dropped]");
        // all of it is gone
        assertThat(files.read(stdout(from, from + mine.length()), OutputFiles.Bounds.FAILED)
                        .stdout())
                .containsExactly("[multijvm: " + mine.length() + " bytes of earlier output dropped]");
    }

    @Test
    void linesThatEndInCarriageReturnsAreCountedAsTheyAreRead() throws IOException {
        String text = "a\r\nbc\rdef\n".repeat(100);
        Files.writeString(files.stdout(), text);
        List<String> told = files.read(stdout(0, text.length()), OutputFiles.Bounds.SUCCEEDED)
                .stdout();
        assertThat(told).hasSize(51).first().isEqualTo("[multijvm: 833 bytes of earlier output dropped]");
        assertThat(told.get(1)).isEqualTo("bc");
    }

    @Test
    void anInterruptedThreadReadsAllTheSameAndStaysInterrupted() throws IOException {
        Files.writeString(files.stdout(), "text\n");
        Thread.currentThread().interrupt();
        assertThat(files.read(stdout(0, 5), OutputFiles.Bounds.FAILED).stdout()).containsExactly("text");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatIsStillWantedIsReadBeforeItGoesAndNothingElse() throws IOException {
        Files.writeString(files.stdout(), "wanted\n");
        PrintedTexts texts = new PrintedTexts(files);
        Printed wanted = texts.of(stdout(0, 7), OutputFiles.Bounds.FAILED);
        texts.prune();
        texts.readAll();
        Files.delete(files.stdout());
        Printed late = texts.of(stdout(0, 7), OutputFiles.Bounds.FAILED);
        assertThat(wanted.read().stdout()).containsExactly("wanted");
        assertThat(late.read()).isEqualTo(ItemOutput.EMPTY);
        assertThat(new PrintedTexts(OutputFiles.NONE).of(stdout(0, 7), OutputFiles.Bounds.FAILED))
                .isSameAs(Printed.NOTHING);
    }

    @Test
    void aFloodStaysBoundedWhileItFlows() throws IOException {
        try (Launches launches = new Launches()) {
            LaunchedWorker worker = launches.script("flood");
            int[] cuts = {0};
            await().atMost(Duration.ofSeconds(50))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> {
                        long before = Files.size(worker.output().stdout());
                        worker.boundOutput();
                        long after = Files.size(worker.output().stdout());
                        // not each time: while it is cut, much is written where another program has our core
                        cuts[0] += after < before && after < OutputFiles.CAP_BYTES ? 1 : 0;
                        return cuts[0] >= 3;
                    });
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
