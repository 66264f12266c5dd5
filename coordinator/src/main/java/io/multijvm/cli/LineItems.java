// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.worker.job.Conversions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The lines of a file or of stdin, read as workers take them. Empty lines are items as well. */
final class LineItems implements Items {
    private final String name;
    private final InputStream stream;
    private final boolean ours;
    private final LineReader reader;

    /** Set by the thread that reads, looked at by the one that consumes the results. */
    private volatile @Nullable String failure;

    private LineItems(String name, InputStream stream, boolean ours) {
        this.name = name;
        this.stream = stream;
        this.ours = ours;
        reader = new LineReader(stream);
    }

    /** What {@code --lines} names. */
    static LineItems open(String file, InputStream stdin) {
        return open("--lines", file, stdin);
    }

    /** Opens the file, or takes {@code stdin} for {@code -}; {@code flag} is what the user gave it with. */
    static LineItems open(String flag, String file, InputStream stdin) {
        if (file.equals("-")) {
            return new LineItems("stdin", stdin, false);
        }
        Path path = Path.of(file);
        if (!Files.exists(path)) {
            throw new UsageException(flag + " " + file + ": there is no such file; give a file, or - for stdin");
        }
        if (Files.isDirectory(path)) {
            throw new UsageException(flag + " " + file + " is a directory; give a file with one item on each line");
        }
        try {
            return new LineItems(file, Files.newInputStream(path), true);
        } catch (IOException e) {
            throw new UsageException(flag + " " + file + " cannot be read; check its permissions ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    @Override
    public Iterator<Object> iterator() {
        return new Iterator<>() {
            private @Nullable Object line;

            @Override
            public boolean hasNext() {
                if (line == null) {
                    line = read();
                }
                return line != null;
            }

            @Override
            public Object next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Object next = line;
                line = null;
                return Objects.requireNonNull(next);
            }
        };
    }

    /** Where the lines come from, for messages. */
    String name() {
        return name;
    }

    private @Nullable Object read() {
        try {
            return reader.next();
        } catch (IOException e) {
            failure = name + " cannot be read beyond line " + reader.lines() + ": " + OneLine.messageOf(e);
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public OptionalLong total() {
        return OptionalLong.empty();
    }

    @Override
    public Predicate<Class<?>> fits() {
        return Conversions::takesLines;
    }

    @Override
    public String noun() {
        return "line";
    }

    @Override
    public Class<?>[] preferredTypes() {
        return new Class<?>[] {String.class, CharSequence.class};
    }

    @Override
    public String describe(long index, Object item) {
        String text = item instanceof byte[] raw ? new String(raw, StandardCharsets.UTF_8) : String.valueOf(item);
        return "line " + (index + 1) + ": " + OneLine.quote(text);
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** Stdin stays open: it belongs to the caller, and closing it while a read waits for a terminal blocks. */
    @Override
    public void close() throws IOException {
        if (ours) {
            stream.close();
        }
    }
}
