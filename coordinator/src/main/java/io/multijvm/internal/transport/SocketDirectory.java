// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A fresh directory that only this user can enter, for a hub's Unix socket. The socket's own mode would not keep others
 * out: the system makes it by the umask.
 */
final class SocketDirectory {
    /** The system's limit is 108 bytes, or 104; a longer path cannot be bound. */
    static final int MAX_PATH_BYTES = 90;

    private static final String SOCKET = "hub";
    private static final String PREFIX = "multijvm-";
    /** What {@link Files#createTempDirectory} may append at most. */
    private static final int RANDOM_DIGITS = 20;

    private final Path directory;
    private final Thread hook;

    private SocketDirectory(Path directory) {
        this.directory = directory;
        this.hook = new Thread(this::deleteFiles, "multijvm-hub-cleanup");
    }

    /**
     * Makes it in the first of {@code parents} that serves.
     *
     * @throws IOException if none does; says why for each
     */
    static SocketDirectory create(List<Path> parents) throws IOException {
        StringBuilder problems = new StringBuilder();
        for (Path parent : parents) {
            int longest = parent.resolve(PREFIX).resolve(SOCKET).toString().getBytes(StandardCharsets.UTF_8).length
                    + RANDOM_DIGITS;
            if (!parent.isAbsolute() || longest > MAX_PATH_BYTES) {
                problems.append("; ").append(parent).append(": not absolute, or too long for a socket");
                continue;
            }
            try {
                return new SocketDirectory(Files.createTempDirectory(parent, PREFIX, onlyForOwner()))
                        .deletedWhenThisJvmEnds();
            } catch (IOException e) {
                problems.append("; ").append(e);
            }
        }
        throw new IOException("no directory for a Unix socket could be made" + problems);
    }

    Path socket() {
        return directory.resolve(SOCKET);
    }

    /** Deletes the directory and what is in it. */
    void delete() {
        deleteFiles();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is going down: the hook has run, or will
        }
    }

    private SocketDirectory deletedWhenThisJvmEnds() {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            deleteFiles();
            throw e;
        }
        return this;
    }

    private void deleteFiles() {
        try {
            Files.deleteIfExists(socket());
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            // nothing that a user could do, and nothing that another process could use
        }
    }

    private static FileAttribute<?>[] onlyForOwner() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }
}
