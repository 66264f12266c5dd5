// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern for files, as shells have it: {@code *}, {@code ?}, {@code [a-z]} and {@code {a,b}} stand for part of a name,
 * {@code **} for any number of directories, also none. Names that begin with a dot match only where the pattern's do.
 * {@code **} does not go through links to directories, which may lead back to where it came from.
 */
final class Glob {
    private static final String ANY_DIRECTORIES = "**";

    private final FileSystem files = FileSystems.getDefault();
    private final boolean absolute;
    private final List<String> names;

    private Glob(boolean absolute, List<String> names) {
        this.absolute = absolute;
        this.names = names;
    }

    /** @throws PatternSyntaxException if it is not a pattern */
    static Glob parse(String pattern) {
        List<String> names = new ArrayList<>(Arrays.stream(pattern.split("/"))
                .filter(name -> !name.isEmpty())
                .toList());
        if (names.isEmpty() || pattern.indexOf('\0') >= 0) {
            throw new PatternSyntaxException("it names nothing", pattern, -1);
        }
        if (names.get(names.size() - 1).equals(ANY_DIRECTORIES)) {
            names.add("*");
        }
        Glob glob = new Glob(pattern.startsWith("/"), List.copyOf(names));
        names.forEach(glob::matcher);
        return glob;
    }

    /** The files that match, each once, sorted by path. */
    List<Path> files(Path from) throws IOException {
        Set<Path> found = new TreeSet<>();
        Path start = absolute ? files.getPath("/") : files.getPath("");
        collect(from, start, 0, found);
        return List.copyOf(found);
    }

    /** @param directory as it stands in the result: relative to {@code from}, or absolute */
    private void collect(Path from, Path directory, int at, Set<Path> found) throws IOException {
        String name = names.get(at);
        if (name.equals(ANY_DIRECTORIES)) {
            collect(from, directory, at + 1, found);
            for (Path each : children(from, directory, "*")) {
                if (Files.isDirectory(from.resolve(each), LinkOption.NOFOLLOW_LINKS)) {
                    collect(from, each, at, found);
                }
            }
            return;
        }
        boolean last = at == names.size() - 1;
        for (Path each : isPlain(name) ? List.of(directory.resolve(name)) : children(from, directory, name)) {
            Path file = from.resolve(each);
            if (last && Files.isRegularFile(file)) {
                found.add(each);
            } else if (!last && Files.isDirectory(file)) {
                collect(from, each, at + 1, found);
            }
        }
    }

    /** A directory that goes away meanwhile has no children. */
    private List<Path> children(Path from, Path directory, String name) throws IOException {
        PathMatcher matcher = matcher(name);
        List<Path> matching = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(from.resolve(directory))) {
            for (Path each : all) {
                Path own = each.getFileName();
                if (matcher.matches(own)
                        && (name.startsWith(".") || !own.toString().startsWith("."))) {
                    matching.add(directory.resolve(own));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        return matching;
    }

    private PathMatcher matcher(String name) {
        return files.getPathMatcher("glob:" + name);
    }

    /** Such a name is taken as it is, so that {@code ..} and directories that cannot be listed work. */
    private static boolean isPlain(String name) {
        return name.chars().noneMatch(c -> "*?[]{}\\".indexOf(c) >= 0);
    }
}
