// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Files and directories that are this user's alone, from the moment they exist, and that replace nothing. */
public final class PrivateFiles {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private static final Set<StandardOpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private PrivateFiles() {}

    /** Digits that nobody can guess. */
    static String randomName(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** A new directory, 0700. */
    public static void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory, permissions("rwx------"));
    }

    /** A new file, 0600, with these bytes. A planted file or link of that name is refused. */
    public static void write(Path file, ByteBuffer bytes) throws IOException {
        try (FileChannel out = create(file)) {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        }
    }

    /** A new file, 0600, to be written. A planted file or link of that name is refused. */
    public static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, NEW, permissions("rw-------"));
    }

    /** A directory with all that is in it; links are removed, not followed. What cannot be removed stays. */
    public static void deleteRecursively(Path root) {
        try {
            Files.walkFileTree(root, new Deletion());
        } catch (IOException e) {
            // Deletion tolerates everything itself; a file system that fails even so leaves nothing to do.
            return;
        }
    }

    /** One file, if it is there. */
    static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            return; // it stays: its owner is going away, and nobody could do more
        }
    }

    private static FileAttribute<?>[] permissions(String text) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))}
                : new FileAttribute<?>[0];
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            // A task may have taken our own rights away; the check without following links was the walk's.
            if (POSIX && !Files.isWritable(directory) && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                try {
                    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
                } catch (IOException e) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            deleteQuietly(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException problem) {
            deleteQuietly(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem) {
            deleteQuietly(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
