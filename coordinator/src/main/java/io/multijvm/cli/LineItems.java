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
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file or of stdin, read as workers take them. Empty lines are items as well. Of a file that grows meanwhile
 * they are those that were there when it was opened.
 */
final class LineItems implements Items {
    /** A longer line is better looked at in its source. */
    private static final int MOST_QUOTED = 200;

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final String flag;
    private final String name;
    private final InputStream stream;
    private final boolean ours;
    private final LineReader reader;

    /** Set by the thread that reads, looked at by the one that consumes the results. */
    private volatile @Nullable String failure;

    private LineItems(String flag, String name, InputStream stream, boolean ours) {
        this.flag = flag;
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
            return new LineItems(flag, "stdin", stdin, false);
        }
        Path path = Path.of(file);
        if (!Files.exists(path)) {
            throw new UsageException(flag + " " + file + ": there is no such file; give a file, or - for stdin");
        }
        if (Files.isDirectory(path)) {
            throw new UsageException(flag + " " + file + " is a directory; give a file with one item on each line");
        }
        try {
            return new LineItems(flag, file, FileAsItBegan.open(path), true);
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
    public boolean canBeLookedAt() {
        return ours;
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

    /** From a file the line is cut out as it stands there, so that nothing has to be quoted. */
    @Override
    public Optional<Alone> alone(long index, Object item) {
        List<String> arguments = List.of(flag, "-");
        if (ours) {
            return Files.isRegularFile(Path.of(name))
                    ? Optional.of(new Alone(List.of("sed", "-n", (index + 1) + "p", name), arguments))
                    : Optional.empty();
        }
        boolean quotable = item instanceof String text
                && text.length() <= MOST_QUOTED
                && !CONTROL.matcher(text).find();
        return quotable
                ? Optional.of(new Alone(List.of("printf", "%s\\n", String.valueOf(item)), arguments))
                : Optional.empty();
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
