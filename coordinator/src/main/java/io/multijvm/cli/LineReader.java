// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lines of UTF-8, each given out as soon as its end has been read. A line ends with a line feed, before which one
 * carriage return is dropped, or with the input. A byte order mark at the very beginning is dropped.
 *
 * <p>A line that is not UTF-8 is given out as its bytes, so that it can fail as one item, or be taken by a method that
 * takes bytes; replacement characters would change it without a word.
 */
final class LineReader {
    /** An input without line breaks must not fill the heap of the coordinator. */
    private static final int MAX_LINE_BYTES = 64 << 20;

    private final InputStream in;
    private final int maxLineBytes;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private long lines;

    LineReader(InputStream in) {
        this(in, MAX_LINE_BYTES);
    }

    LineReader(InputStream in, int maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
    }

    /** How many lines were given out. */
    long lines() {
        return lines;
    }

    /** The next line, as a {@code String} or, if it is not UTF-8, a {@code byte[]}; null at the end. */
    @Nullable
    Object next() throws IOException {
        ByteArrayOutputStream begun = new ByteArrayOutputStream(0);
        while (true) {
            if (position == limit && !fill()) {
                return begun.size() == 0 ? null : line(begun.toByteArray(), 0, begun.size());
            }
            int end = endOfLine();
            if (end >= 0) {
                int start = position;
                position = end + 1;
                if (begun.size() == 0) {
                    return line(buffer, start, end);
                }
                begun.write(buffer, start, end - start);
                return line(begun.toByteArray(), 0, begun.size());
            }
            begun.write(buffer, position, limit - position);
            position = limit;
            if (begun.size() > maxLineBytes) {
                throw new IOException("the next line is longer than " + maxLineBytes
                        + " bytes; put large items into files and give their names");
            }
        }
    }

    private int endOfLine() {
        for (int i = position; i < limit; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private boolean fill() throws IOException {
        int read = in.read(buffer);
        position = 0;
        limit = Math.max(0, read);
        return read > 0;
    }

    private Object line(byte[] bytes, int start, int end) {
        int from = lines == 0 && startsWithMark(bytes, start, end) ? start + 3 : start;
        int to = end > from && bytes[end - 1] == '\r' ? end - 1 : end;
        lines++;
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        // Only where a replacement character came out can something have been malformed.
        if (text.indexOf('\uFFFD') < 0 || isUtf8(bytes, from, to)) {
            return text;
        }
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static boolean startsWithMark(byte[] bytes, int start, int end) {
        return end - start >= 3
                && bytes[start] == (byte) 0xEF
                && bytes[start + 1] == (byte) 0xBB
                && bytes[start + 2] == (byte) 0xBF;
    }

    private static boolean isUtf8(byte[] bytes, int from, int to) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
