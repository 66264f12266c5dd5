// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The user's directory of class-data archives. What lies in it is code that workers run, so one that others may write into
 * is not used. Several coordinators may use it at once: an archive appears whole under its name or not at all, and one of
 * them makes archives at a time. Thread-safe.
 *
 * @param path absolute
 * @param mayMake whether archives may be made here, or only used
 */
record ArchiveDirectory(Path path, boolean mayMake) {
    /** A directory, {@code off} for no archives, or {@code read} to make none but use those that are there. */
    static final String PROPERTY = "io.multijvm.archives";

    static final String OFF = "off";
    static final String READ = "read";

    /** About 20 MB each: this JDK's and the next one's, for a release and for what is being built. */
    static final int KEPT = 4;

    private static final String ARCHIVE = ".jsa";
    /** Says that an archive of that name cannot be made, so that not every coordinator tries anew. */
    private static final String USELESS = ".none";

    private static final String UNFINISHED = ".making";
    private static final String LOCK = "making.lock";

    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /** What the property, else the environment says; none where that is no place for archives. */
    static Optional<ArchiveDirectory> ofThisUser() {
        String wanted = System.getProperty(PROPERTY, "");
        if (wanted.equals(OFF)) {
            return Optional.empty();
        }
        if (!wanted.isEmpty() && !wanted.equals(READ)) {
            return Optional.of(new ArchiveDirectory(Path.of(wanted).toAbsolutePath(), true));
        }
        return standard(System.getenv("XDG_CACHE_HOME"), System.getProperty("user.home"))
                .map(path -> new ArchiveDirectory(path, wanted.isEmpty()));
    }

    static Optional<Path> standard(@Nullable String cacheHome, @Nullable String userHome) {
        if (cacheHome != null && cacheHome.startsWith("/")) {
            return Optional.of(Path.of(cacheHome, "multijvm"));
        }
        // a user without a home has "?" or "/" there
        return userHome != null && userHome.length() > 1 && Path.of(userHome).isAbsolute()
                ? Optional.of(Path.of(userHome, ".cache", "multijvm"))
                : Optional.empty();
    }

    /** The finished archive of that name. */
    Optional<Path> find(String name) {
        Path file = path.resolve(name + ARCHIVE);
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isOurs() ? Optional.of(file) : Optional.empty();
    }

    /** Keeps an archive from being swept before those that nobody uses any more. */
    static void touch(Path archive) {
        try {
            Files.setLastModifiedTime(archive, FileTime.from(Instant.now()));
        } catch (IOException e) {
            return; // it may be swept and made again
        }
    }

    /**
     * The right to make the archive of that name; none if it is there, if it cannot be made, if another process makes one
     * now, or if this is no place for archives.
     */
    Optional<Making> claim(String name) {
        if (!mayMake) {
            return Optional.empty();
        }
        FileChannel lockFile = null;
        try {
            createWithParents(path);
            if (!isOurs()
                    || Files.exists(path.resolve(name + USELESS))
                    || find(name).isPresent()) {
                return Optional.empty();
            }
            lockFile = FileChannel.open(
                    path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            FileLock lock = lockFile.tryLock();
            // again, for another coordinator may have made it in between
            if (lock != null && find(name).isEmpty()) {
                FileChannel held = lockFile;
                lockFile = null;
                return Optional.of(new Making(name, held));
            }
            return Optional.empty();
        } catch (IOException | OverlappingFileLockException e) {
            return Optional.empty(); // a read-only or full disk: workers start without an archive
        } finally {
            closeQuietly(lockFile);
        }
    }

    private static void createWithParents(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Path parent = directory.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            PrivateFiles.createDirectory(directory);
        }
    }

    /** Whether it belongs to this user and only this user may write into it. */
    private boolean isOurs() {
        try {
            if (!Files.getFileStore(path).supportsFileAttributeView("posix")) {
                return true; // the system's own rules for a user's directory hold
            }
            Path self = Path.of("/proc/self");
            boolean owned = !Files.isDirectory(self)
                    || Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(self));
            return owned
                    && Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).stream()
                            .noneMatch(OTHERS_WRITE::contains);
        } catch (IOException e) {
            return false;
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            return; // the lock goes with the process at the latest
        }
    }

    /** The right to make one archive; the system takes it back when this process dies. */
    final class Making implements AutoCloseable {
        private final String name;
        private final FileChannel lock;
        private final Path unfinished;

        private Making(String name, FileChannel lock) {
            this.name = name;
            this.lock = lock;
            // what a coordinator left that died while it made one
            list(UNFINISHED).forEach(PrivateFiles::deleteQuietly);
            unfinished = path.resolve(name + "-" + PrivateFiles.randomName(4) + UNFINISHED);
        }

        /** Where a JVM is to write the archive. */
        Path unfinished() {
            return unfinished;
        }

        /** Gives the archive its name, if there is one, and removes what has not been used for longest. */
        boolean publish() throws IOException {
            if (!Files.isRegularFile(unfinished, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            Files.move(
                    unfinished,
                    path.resolve(name + ARCHIVE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            sweep();
            return true;
        }

        /** Notes that the JVM does not write this archive, whatever the reason: it would not the next time either. */
        void giveUp() throws IOException {
            Files.writeString(path.resolve(name + USELESS), "");
            sweep();
        }

        @Override
        public void close() {
            PrivateFiles.deleteQuietly(unfinished);
            closeQuietly(lock);
        }
    }

    private void sweep() {
        Stream.of(ARCHIVE, USELESS)
                .forEach(ending -> list(ending).stream()
                        .sorted(Comparator.comparing(ArchiveDirectory::lastUsed).reversed())
                        .skip(KEPT)
                        .forEach(PrivateFiles::deleteQuietly));
    }

    private List<Path> list(String ending) {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static FileTime lastUsed(Path file) {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }
}
