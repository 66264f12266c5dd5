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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files that take a worker's stdout and stderr. The worker appends, so that this side may cut the files while it
 * writes.
 */
record OutputFiles(Path stdout, Path stderr) {
    /** Each file stays below this, or soon does again. */
    static final long CAP_BYTES = 4L << 20;

    /** Where nothing is captured. */
    static final OutputFiles NONE = new OutputFiles(Path.of(""), Path.of(""));

    private static final int READ_BYTES = 64 << 10;
    private static final String FATAL_BLOCK = "# A fatal error has been detected by the Java Runtime Environment:";

    /** The last lines of both files, stdout's first; where both are long, half from each. */
    List<String> last(int count) {
        List<String> out = tail(stdout);
        List<String> err = tail(stderr);
        int fromErr = Math.min(err.size(), Math.max(count / 2, count - out.size()));
        int fromOut = Math.min(out.size(), count - fromErr);
        List<String> lines = new ArrayList<>(out.subList(out.size() - fromOut, out.size()));
        lines.addAll(err.subList(err.size() - fromErr, err.size()));
        return lines;
    }

    /** The first lines of both, stderr's first: where a JVM says why it does not start. */
    List<String> first(int count) {
        return Stream.of(stderr, stdout)
                .flatMap(file -> BoundedText.head(file, READ_BYTES).stream())
                .filter(OutputFiles::meansSomething)
                .limit(count)
                .toList();
    }

    /** What follows {@code beginning} in the last line of either file that begins so: a JVM's farewell. */
    Optional<String> lastLineAfter(String beginning) {
        return Stream.of(stdout, stderr)
                .flatMap(file -> BoundedText.tail(file, READ_BYTES).stream())
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.substring(beginning.length()))
                .reduce((earlier, later) -> later);
    }

    /**
     * Cuts each file that has outgrown {@code cap} down to its last quarter. What is written between the reading and the
     * cutting is lost, in the middle of a flood; what is written after it follows.
     */
    void bound(long cap) {
        for (Path file : List.of(stdout, stderr)) {
            try {
                if (!equals(NONE) && Files.size(file) > cap) {
                    cut(file, (int) Math.min(cap / 4, Integer.MAX_VALUE / 4));
                }
            } catch (IOException ignored) {
                // the file is gone or the disk is full: the worker does not suffer, and neither do we
            }
        }
    }

    private static void cut(Path file, int keep) throws IOException {
        try (FileChannel in = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                FileChannel out =
                        FileChannel.open(file, Set.of(StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS))) {
            long size = in.size();
            byte[] tail = BoundedText.read(in, Math.max(0, size - keep), keep);
            out.truncate(0);
            String note = "[multijvm: " + (size - tail.length) + " bytes of earlier output dropped]\n";
            out.write(ByteBuffer.wrap(note.getBytes(StandardCharsets.UTF_8)));
            ByteBuffer rest = ByteBuffer.wrap(tail);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
        }
    }

    /** Without what the JVM says of its own crash, for the fatal-error log says it better. */
    private static List<String> tail(Path file) {
        List<String> lines = new ArrayList<>();
        boolean fatal = false;
        for (String line : BoundedText.tail(file, READ_BYTES)) {
            fatal |= line.startsWith(FATAL_BLOCK);
            if (!(fatal && line.startsWith("#")) && meansSomething(line)) {
                lines.add(line);
            }
        }
        // The block opens with a bare "#" before the line that tells what it is.
        if (fatal) {
            lines.removeIf(line -> line.equals("#"));
        }
        return lines;
    }

    private static boolean meansSomething(String line) {
        return !line.isBlank()
                && !line.startsWith("Picked up ")
                && !line.startsWith("NOTE: Picked up ")
                && !line.startsWith("Error: Could not create the Java Virtual Machine.")
                && !line.startsWith("Error: A fatal exception has occurred. Program will exit.");
    }
}
