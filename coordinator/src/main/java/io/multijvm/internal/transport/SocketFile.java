// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.internal.process.ExitCleanup;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The file of a Unix socket at a place that the user has named. The system makes a socket as open as the process's mask says, so
 * it is bound in a new directory beside its place, which is this user's alone, made this user's alone there, and only then
 * linked to its place: never open to others, and never in the place of something else. Thread-safe.
 */
final class SocketFile implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SocketFile.class.getName());
    private static final int RANDOM_BYTES = 4;

    private final Path path;
    private final Path directory;
    // guarded by this
    private @Nullable Object shown;

    private SocketFile(Path path, Path directory) {
        this.path = path;
        this.directory = directory;
    }

    /** @throws IOException if there is something already, or no such directory */
    static SocketFile prepare(Path wanted) throws IOException {
        Path path = wanted.toAbsolutePath();
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw taken();
        }
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        Path directory = path.resolveSibling("." + HexFormat.of().formatHex(random));
        return new SocketFile(
                path,
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
    }

    private static IOException taken() {
        return new IOException("there is a file already: another program may listen there; delete it if none does");
    }

    /** Where it is to be bound. */
    Path hidden() {
        return directory.resolve("s");
    }

    /** Where the user wants it. */
    Path path() {
        return path;
    }

    /** It was bound, and others may come. */
    synchronized void show() throws IOException {
        Files.setPosixFilePermissions(hidden(), PosixFilePermissions.fromString("rw-------"));
        try {
            Files.createLink(path, hidden());
        } catch (FileAlreadyExistsException e) {
            throw taken();
        }
        shown = identity();
        ExitCleanup.add(this);
        deleteHidden();
    }

    private @Nullable Object identity() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private void deleteHidden() {
        try {
            Files.deleteIfExists(hidden());
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the directory " + directory + " cannot be deleted: " + e.getMessage());
        }
    }

    /** Deletes what was made; not what another has put there since. Twice is fine. */
    @Override
    public synchronized void close() {
        ExitCleanup.remove(this);
        deleteHidden();
        Object ours = shown;
        shown = null;
        try {
            if (ours != null && ours.equals(identity())) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the socket " + path + " is gone", e);
        }
    }
}
