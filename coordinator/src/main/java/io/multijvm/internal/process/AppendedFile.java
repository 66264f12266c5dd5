// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A file that another process appends to and this one cuts from the front. Places in it count all bytes that were ever written:
 * the first one that it still has lies at its base. Thread-safe.
 */
final class AppendedFile {
    private static final int COPY_BYTES = 256 << 10;
    /**
     * What is written while the last was copied is copied too, less each time, and only what comes after the last round is lost;
     * so one who writes faster than we copy loses some.
     */
    private static final int MOST_ROUNDS = 16;

    private final Path path;
    /** Guarded by this, as the file is against two of us. */
    private long base;
    /** Length of the note at the file's beginning, which nobody wrote who appends. Guarded by this. */
    private int note;

    AppendedFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** What the file's first byte would be the place of: a little before the first byte that it still has. */
    synchronized long base() {
        return base;
    }

    /** Its length now; 0 if it is not there. */
    long length() {
        try {
            return Files.size(path);
        } catch (IOException e) {
            return 0;
        }
    }

    boolean isAbove(long cap) {
        return length() > cap;
    }

    /**
     * Leaves the last {@code keep} bytes and a line that says so, and what is written meanwhile. They are copied to the front of
     * the file, which no full disk prevents, and then the rest goes.
     */
    synchronized void cutTo(int keep) throws IOException {
        try (FileChannel file = FileChannel.open(
                path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            long from = file.size() - keep;
            byte[] line = ("[multijvm: " + (base + from) + " bytes of earlier output dropped]\n")
                    .getBytes(StandardCharsets.UTF_8);
            if (from <= line.length) {
                return;
            }
            write(file, ByteBuffer.wrap(line), 0);
            long to = line.length;
            long kept = from;
            for (int round = 0; round < MOST_ROUNDS && kept < file.size(); round++) {
                long copied = copy(file, kept, file.size(), to);
                kept += copied;
                to += copied;
            }
            file.truncate(to);
            base += from - line.length;
            note = line.length;
        }
    }

    private static long copy(FileChannel file, long from, long end, long to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BYTES, end - from));
        long done = 0;
        while (from + done < end) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - from - done));
            if (file.read(buffer, from + done) <= 0) {
                return done;
            }
            int length = buffer.flip().remaining();
            write(file, buffer, to + done);
            done += length;
        }
        return done;
    }

    private static void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
        long to = at;
        while (bytes.hasRemaining()) {
            to += file.write(bytes, to);
        }
    }

    /**
     * The last lines from one place to another, or to the end, as far as they are there. Where something is missing before
     * them, a line in brackets says so.
     *
     * @param bytes and {@code most} lines at most
     * @throws IOException if the file is gone with its worker
     */
    synchronized List<String> lines(long from, long to, int bytes, int most) throws IOException {
        try (FileChannel in = FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            long end = Math.min(to, base + in.size());
            long there = Math.max(from, base + note);
            long begin = Math.max(there, end - bytes);
            if (begin >= end) {
                return end > from ? List.of(dropped(end - from)) : List.of();
            }
            byte[] read = BoundedText.read(in, begin - base, (int) (end - begin));
            List<String> lines = BoundedText.lines(read);
            long missing = begin - from;
            int skip = Math.max(0, lines.size() - most);
            if (missing > 0 && skip == 0 && lines.size() > 1) {
                skip = 1; // of which nobody knows where it began
            }
            missing += BoundedText.lengthOf(read, skip);
            if (missing <= 0) {
                return lines;
            }
            List<String> told = new ArrayList<>(List.of(dropped(missing)));
            told.addAll(lines.subList(skip, lines.size()));
            return told;
        }
    }

    private static String dropped(long bytes) {
        return "[multijvm: " + bytes + " bytes of earlier output dropped]";
    }
}
