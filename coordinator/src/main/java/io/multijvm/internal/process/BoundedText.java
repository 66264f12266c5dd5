// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/** Lines from either end of a file that another process wrote: never more than asked for, whatever is in it. */
final class BoundedText {
    private static final int MAX_LINE_CHARS = 500;

    private BoundedText() {}

    /** Lines of the first {@code bytes}; none if the file cannot be read. */
    static List<String> head(Path file, int bytes) {
        return lines(file, bytes, false);
    }

    /** Whole lines of the last {@code bytes}; none if the file cannot be read. */
    static List<String> tail(Path file, int bytes) {
        return lines(file, bytes, true);
    }

    private static List<String> lines(Path file, int bytes, boolean end) {
        try (FileChannel in = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            long start = end ? Math.max(0, in.size() - bytes) : 0;
            List<String> lines = lines(read(in, start, bytes));
            return start > 0 && lines.size() > 1 ? lines.subList(1, lines.size()) : lines;
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The bytes as lines that are safe to print. */
    static List<String> lines(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .map(BoundedText::clean)
                .toList();
    }

    /** How many bytes the first lines take, with their ends. */
    static int lengthOf(byte[] bytes, int lines) {
        int at = 0;
        for (int line = 0; line < lines && at < bytes.length; line++) {
            while (at < bytes.length && bytes[at] != '\n' && bytes[at] != '\r') {
                at++;
            }
            at += at + 1 < bytes.length && bytes[at] == '\r' && bytes[at + 1] == '\n' ? 2 : 1;
        }
        return Math.min(at, bytes.length);
    }

    /** What lies from {@code start} on; less than asked for where the file ends. */
    static byte[] read(FileChannel in, long start, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(bytes, Math.max(0, in.size() - start)));
        int more = 1;
        while (buffer.hasRemaining() && more > 0) {
            more = in.read(buffer, start + buffer.position());
        }
        byte[] read = new byte[buffer.position()];
        buffer.flip().get(read);
        return read;
    }

    /** Safe to print: no escape sequences, not endless. */
    private static String clean(String line) {
        String part = line.length() > MAX_LINE_CHARS ? line.substring(0, MAX_LINE_CHARS) + " ..." : line;
        return part.replace('\t', ' ').replaceAll("\\p{Cntrl}", "?").stripTrailing();
    }
}
