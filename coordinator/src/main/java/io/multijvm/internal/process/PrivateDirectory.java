// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A temporary directory that only this user may enter. It goes, with all that is in it, when it is closed, or with this
 * JVM where that ends in an orderly way.
 */
public final class PrivateDirectory implements AutoCloseable {
    /** A socket's address has room for little more than 100 bytes, and for less on some systems. */
    static final int MAX_SOCKET_PATH_BYTES = 90;

    private static final int SOCKET_NAME_BYTES = 24;
    private static final int NAME_RANDOM_BYTES = 4;

    private final Path path;

    private PrivateDirectory(Path path) {
        this.path = path;
        ExitCleanup.add(this);
    }

    /** A new directory {@code PREFIX-PID-START-PLACE-RANDOM} in the user's runtime directory, else among the temporary files. */
    public static PrivateDirectory create(String prefix) throws IOException {
        return create(prefix, bases());
    }

    /**
     * As {@link #create}, but where a socket with a name of up to 24 characters has an address that every system takes:
     * no more than 90 bytes in all. Falls back to {@code /tmp}.
     */
    public static PrivateDirectory createForSockets(String prefix) throws IOException {
        return create(prefix, shortEnough(prefix, bases()));
    }

    public Path path() {
        return path;
    }

    /** Deletes the directory with all that is in it; links are not followed. Closing twice is fine. */
    @Override
    public void close() {
        PrivateFiles.deleteRecursively(path);
        ExitCleanup.remove(this);
    }

    static List<Path> shortEnough(String prefix, List<Path> bases) throws IOException {
        List<Path> fitting = new ArrayList<>(bases);
        fitting.add(Path.of("/tmp"));
        fitting.removeIf(base -> !Files.isDirectory(base)
                || base.resolve(name(prefix)).toString().getBytes(StandardCharsets.UTF_8).length
                        > MAX_SOCKET_PATH_BYTES - 1 - SOCKET_NAME_BYTES);
        if (fitting.isEmpty()) {
            throw new IOException("no directory for sockets: the paths " + bases
                    + " are too long, and there is no /tmp; set java.io.tmpdir to a short path");
        }
        return fitting;
    }

    private static PrivateDirectory create(String prefix, List<Path> bases) throws IOException {
        IOException problem = new IOException("none of " + bases + " takes a new directory; set java.io.tmpdir");
        for (Path base : bases) {
            Path path = base.resolve(name(prefix));
            try {
                PrivateFiles.createDirectory(path);
                return new PrivateDirectory(path);
            } catch (IOException e) {
                problem.addSuppressed(e); // the next place may do
            }
        }
        throw problem;
    }

    private static String name(String prefix) {
        return OwnName.of(prefix, NAME_RANDOM_BYTES);
    }

    static List<Path> bases() {
        List<Path> bases = new ArrayList<>();
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && runtime.startsWith("/")) {
            Path path = Path.of(runtime);
            if (Files.isDirectory(path) && Files.isWritable(path)) {
                bases.add(path);
            }
        }
        bases.add(Path.of(System.getProperty("java.io.tmpdir", "/tmp")).toAbsolutePath());
        return bases;
    }
}
