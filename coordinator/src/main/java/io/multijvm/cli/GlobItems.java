// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The files that match a pattern when the run begins, sorted by path. They cross as text, as the pattern has them: relative
 * to the working directory, which is the workers' as well, unless the pattern is absolute.
 */
record GlobItems(List<String> paths) implements Items {
    private static final List<Class<?>> TYPES =
            List.of(Path.class, File.class, String.class, CharSequence.class, Object.class);

    private static final Pattern SPECIAL = Pattern.compile("[*?\\[\\]{}\\\\\\p{Cntrl}]");

    GlobItems {
        paths = List.copyOf(paths);
    }

    /** @param from what a relative pattern is relative to */
    static GlobItems find(String pattern, Path from) {
        List<Path> found;
        try {
            found = Glob.parse(pattern).files(from);
        } catch (PatternSyntaxException e) {
            throw new UsageException("--glob " + OneLine.quote(pattern) + " is not a pattern: " + e.getDescription()
                    + "; write it as 'corpus/**/*.pdf'");
        } catch (UncheckedIOException | IOException e) {
            throw new UsageException("--glob " + OneLine.quote(pattern) + ": a directory cannot be read ("
                    + OneLine.messageOf(e) + "); check its permissions, or write a narrower pattern");
        }
        if (found.isEmpty()) {
            throw new UsageException("--glob " + OneLine.quote(pattern) + " matches no file, seen from "
                    + from.toAbsolutePath().normalize()
                    + "; check the path, and put the pattern in quotes so that the shell leaves it alone");
        }
        return new GlobItems(found.stream().map(Path::toString).toList());
    }

    @Override
    @SuppressWarnings("unchecked") // an iterator of a list that cannot be changed only gives
    public Iterator<Object> iterator() {
        return (Iterator<Object>) (Iterator<?>) paths.iterator();
    }

    @Override
    public OptionalLong total() {
        return OptionalLong.of(paths.size());
    }

    /** A path of digits is no number, so not all that a line can be. */
    @Override
    public Predicate<Class<?>> fits() {
        return TYPES::contains;
    }

    @Override
    public String noun() {
        return "path";
    }

    @Override
    public Class<?>[] preferredTypes() {
        return TYPES.toArray(Class<?>[]::new);
    }

    @Override
    public String describe(long index, Object item) {
        return "file " + OneLine.quote(String.valueOf(item));
    }

    /** A path that is a pattern too would be taken for one. */
    @Override
    public Optional<Alone> alone(long index, Object item) {
        String path = String.valueOf(item);
        return SPECIAL.matcher(path).find()
                ? Optional.empty()
                : Optional.of(new Alone(List.of(), List.of("--glob=" + path)));
    }

    @Override
    public Optional<String> failure() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
