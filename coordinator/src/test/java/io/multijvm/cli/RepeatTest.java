// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One item alone, from whatever source: pasted into a shell, the command gives that item and no other. */
class RepeatTest {
    private static final Repeat REPEAT = new Repeat(List.of("multijvm", "run", "my jobs.jar"));

    @TempDir
    Path directory;

    private static String command(Items items, long index, Object item) {
        return String.join(" ", REPEAT.ofItem(items, index, item));
    }

    @Test
    void aNumberIsARangeOfOne() {
        assertThat(command(RangeItems.parse("-5..9"), 2, -3L)).isEqualTo("multijvm run 'my jobs.jar' --range=-3..-2");
    }

    @Test
    void aLineIsCutOutOfItsFileAndReadAsTheRunReadIt() throws Exception {
        Path file = directory.resolve("it's.txt");
        Files.writeString(file, "one\n$(two) \"quoted\"\nthree");
        Items items = LineItems.open(file.toString(), InputStream.nullInputStream());
        String command = command(items, 1, "$(two) \"quoted\"");
        assertThat(command).endsWith("| multijvm run 'my jobs.jar' --lines -");
        assertThat(shell(command.substring(0, command.indexOf('|')))).isEqualTo("$(two) \"quoted\"\n");
        items.close();
    }

    @Test
    void aLineOfStdinIsQuotedIfItCanBe() throws Exception {
        Items items = LineItems.open("--jsonl", "-", new ByteArrayInputStream(new byte[0]));
        String item = "{\"a\": \"it's 5 % \\\\ $HOME\"}";
        String command = command(new JsonItems((LineItems) items), 4, item);
        assertThat(command).endsWith("| multijvm run 'my jobs.jar' --jsonl -");
        assertThat(shell(command.substring(0, command.indexOf('|')))).isEqualTo(item + "\n");

        assertThat(REPEAT.ofItem(items, 0, "x".repeat(201))).isEmpty();
        assertThat(REPEAT.ofItem(items, 0, "a\u001Bb")).isEmpty();
        assertThat(REPEAT.ofItem(items, 0, new byte[] {(byte) 0xff})).isEmpty();
    }

    @Test
    void aFileIsAPatternUnlessItsNameMeansMoreThanItself() {
        GlobItems items = new GlobItems(List.of("a b.pdf", "c*.pdf"));
        assertThat(command(items, 0, "a b.pdf")).isEqualTo("multijvm run 'my jobs.jar' '--glob=a b.pdf'");
        assertThat(REPEAT.ofItem(items, 1, "c*.pdf")).isEmpty();
    }

    private static String shell(String command) throws IOException {
        Process shell = new ProcessBuilder("/bin/sh", "-c", command).start();
        return new String(shell.getInputStream().readAllBytes(), UTF_8);
    }
}
