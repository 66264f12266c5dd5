// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.failure.ItemOutput;
import io.multijvm.wire.mapped.OutputRange;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files that take a worker's stdout and stderr. The worker appends, so that this side may cut the files while it
 * writes. Thread-safe; reads and cuts files, so not for the event loop.
 */
final class OutputFiles {
    /** Each file stays below this, or soon does again. */
    static final long CAP_BYTES = 4L << 20;

    /** Where nothing is captured. */
    static final OutputFiles NONE = new OutputFiles(Path.of(""), Path.of(""));

    private static final int READ_BYTES = 64 << 10;
    private static final String FATAL_BLOCK = "# A fatal error has been detected by the Java Runtime Environment:";

    private final AppendedFile stdout;
    private final AppendedFile stderr;

    OutputFiles(Path stdout, Path stderr) {
        this.stdout = new AppendedFile(stdout);
        this.stderr = new AppendedFile(stderr);
    }

    Path stdout() {
        return stdout.path();
    }

    Path stderr() {
        return stderr.path();
    }

    /** How much of an item's output is told of each stream. */
    enum Bounds {
        /** Of one that failed. */
        FAILED(64 << 10, 200),
        /** Of one that did not: programs keep the futures of many. */
        SUCCEEDED(8 << 10, 50);

        final int bytes;
        final int lines;

        Bounds(int bytes, int lines) {
            this.bytes = bytes;
            this.lines = lines;
        }
    }

    /**
     * What lies in that range, as far as it was not cut off; nothing of a file that is gone. Also for a user's thread: an
     * interrupt does not end it, and is kept for afterwards.
     */
    ItemOutput read(OutputRange range, Bounds bounds) {
        boolean interrupted = Thread.interrupted();
        while (true) {
            try {
                ItemOutput read = new ItemOutput(
                        lines(stdout, range.stdoutFrom(), range.stdoutTo(), bounds),
                        lines(stderr, range.stderrFrom(), range.stderrTo(), bounds));
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return read;
            } catch (ClosedByInterruptException e) {
                interrupted |= Thread.interrupted();
            }
        }
    }

    private static List<String> lines(AppendedFile file, long from, long to, Bounds bounds)
            throws ClosedByInterruptException {
        try {
            return withoutFatalBlock(file.lines(from, to, bounds.bytes, bounds.lines));
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The last lines of both files, stdout's first; where both are long, half from each. */
    List<String> last(int count) {
        return last(count, tail(stdout()), tail(stderr()));
    }

    /** As {@link #last(int)}, of that range alone. */
    List<String> last(int count, OutputRange range) {
        ItemOutput own = read(range, Bounds.FAILED);
        return last(count, meaningful(own.stdout()), meaningful(own.stderr()));
    }

    private static List<String> last(int count, List<String> out, List<String> err) {
        return new ItemOutput(out, err).last(count);
    }

    /** The first lines of both, stderr's first: where a JVM says why it does not start. */
    List<String> first(int count) {
        return Stream.of(stderr(), stdout())
                .flatMap(file -> BoundedText.head(file, READ_BYTES).stream())
                .filter(OutputFiles::meansSomething)
                .limit(count)
                .toList();
    }

    /** What follows {@code beginning} in the last line of either file that begins so: a JVM's farewell. */
    Optional<String> lastLineAfter(String beginning) {
        return Stream.of(stdout(), stderr())
                .flatMap(file -> BoundedText.tail(file, READ_BYTES).stream())
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.substring(beginning.length()))
                .reduce((earlier, later) -> later);
    }

    /** Of both files together. */
    long length() {
        return equals(NONE) ? 0 : stdout.length() + stderr.length();
    }

    /** Whether {@link #bound} would cut anything. Costs two file sizes. */
    boolean isAbove(long cap) {
        return !equals(NONE) && (stdout.isAbove(cap) || stderr.isAbove(cap));
    }

    /**
     * Cuts each file that has outgrown {@code cap} down to its last quarter. What is written in the very moment of the cut can
     * be lost; what is written after it follows.
     */
    void bound(long cap) {
        for (AppendedFile file : List.of(stdout, stderr)) {
            try {
                if (!equals(NONE) && file.isAbove(cap)) {
                    file.cutTo((int) Math.min(cap / 4, Integer.MAX_VALUE / 4));
                }
            } catch (IOException ignored) {
                // the file is gone: the worker does not suffer, and neither do we
            }
        }
    }

    /** What was cut off stdout's file so far. */
    long stdoutBase() {
        return stdout.base();
    }

    /** What was cut off stderr's file so far. */
    long stderrBase() {
        return stderr.base();
    }

    private static List<String> tail(Path file) {
        return meaningful(withoutFatalBlock(BoundedText.tail(file, READ_BYTES)));
    }

    private static List<String> meaningful(List<String> lines) {
        return lines.stream().filter(OutputFiles::meansSomething).toList();
    }

    /** Without what the JVM says of its own crash, for the fatal-error log says it better. */
    private static List<String> withoutFatalBlock(List<String> all) {
        int block = all.indexOf(FATAL_BLOCK);
        if (block < 0) {
            return all;
        }
        List<String> lines = new ArrayList<>(all.subList(0, block));
        // The block opens with a bare "#" before the line that tells what it is.
        lines.removeIf(line -> line.equals("#"));
        all.subList(block, all.size()).stream()
                .filter(line -> !line.startsWith("#"))
                .forEach(lines::add);
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
