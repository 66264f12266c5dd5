// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What shows that a file was written again: its size, its time, and which file it is. Of a directory nothing is known, for
 * the classes in it change one by one.
 *
 * @param identity the system's own, where it has one: a build may put a new file in place of an old one of the same time
 */
public record FileStamp(
        Path file, long size, long modifiedMillis, @Nullable Object identity) {

    /** The stamps of all regular files among these. */
    public static List<FileStamp> of(Collection<Path> paths) {
        return paths.stream()
                .filter(Files::isRegularFile)
                .flatMap(path -> read(path).stream())
                .toList();
    }

    private static Optional<FileStamp> read(Path path) {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            return Optional.of(
                    new FileStamp(path, now.size(), now.lastModifiedTime().toMillis(), now.fileKey()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The first of these files that is not what it was, or is gone. */
    public static Optional<Path> firstChanged(Collection<FileStamp> stamps) {
        return stamps.stream()
                .filter(stamp -> !read(stamp.file()).equals(Optional.of(stamp)))
                .map(FileStamp::file)
                .findFirst();
    }
}
