// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    @Test
    void linesAreTheSameHoweverTheInputIsCut() throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        List<Object> expected = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            String line = "\u20ac".repeat(random.nextInt(200)) + i;
            expected.add(line);
            text.append(line).append(random.nextBoolean() ? "\n" : "\r\n");
        }
        byte[] bytes = text.toString().getBytes(UTF_8);
        assertThat(read(new LineReader(new ByteArrayInputStream(bytes)))).isEqualTo(expected);
        assertThat(read(new LineReader(inPieces(bytes, random)))).isEqualTo(expected);
    }

    @Test
    void aLineOfManyBuffersIsOneLine() throws IOException {
        String line = "x".repeat(1_000_000);
        assertThat(read(new LineReader(new ByteArrayInputStream((line + "\ny").getBytes(UTF_8)))))
                .containsExactly(line, "y");
    }

    @Test
    void theReplacementCharacterItselfIsNoError() throws IOException {
        assertThat(read(new LineReader(new ByteArrayInputStream("a\uFFFDb\n".getBytes(UTF_8)))))
                .containsExactly("a\uFFFDb");
    }

    @Test
    void anInputWithoutLineBreaksIsRefusedBeforeItFillsTheHeap() {
        LineReader reader = new LineReader(
                new InputStream() {
                    @Override
                    public int read() {
                        return 'x';
                    }
                },
                1 << 20);
        assertThatThrownBy(reader::next).isInstanceOf(IOException.class).hasMessageContaining("longer than 1048576");
    }

    private static List<Object> read(LineReader reader) throws IOException {
        List<Object> lines = new ArrayList<>();
        for (Object line = reader.next(); line != null; line = reader.next()) {
            lines.add(line);
        }
        return lines;
    }

    private static InputStream inPieces(byte[] bytes, Random random) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(length, 1 + random.nextInt(7)));
            }
        };
    }
}
