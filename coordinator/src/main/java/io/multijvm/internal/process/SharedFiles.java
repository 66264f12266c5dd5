// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.internal.arena.WideMaker;
import io.multijvm.wire.arena.SharedSegment;
import io.multijvm.wire.arena.WideFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory to be shared with workers, as files without a name in the system's shared memory. All pools of this JVM together
 * take no more than a quarter of what was free there when the first of it was made; what users ask for in so many words, wide
 * files, may take all. Thread-safe.
 */
public final class SharedFiles implements WideMaker {
    /** Set to {@code frames}, this system property has large payloads cross on the stream; {@code shared} is the default. */
    public static final String PROPERTY = "io.multijvm.payloads";

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int RANDOM_BYTES = 16;
    private static final int SHARE = 4;

    private static final SharedFiles OF_THIS_JVM = new SharedFiles(SHARED_MEMORY);

    private final Path home;
    // guarded by this
    private long limit;
    private long made;

    SharedFiles(Path home) {
        this.home = home;
    }

    /** The one of this JVM, which all its pools use. */
    public static SharedFiles ofThisJvm() {
        return OF_THIS_JVM;
    }

    /** Whether the system has shared memory, and the system property does not say otherwise. */
    public static boolean wanted() {
        String wanted = System.getProperty(PROPERTY, "");
        return switch (wanted) {
            case "", "shared" -> Files.isDirectory(SHARED_MEMORY) && Files.isWritable(SHARED_MEMORY);
            case "frames" -> false;
            default ->
                throw new IllegalArgumentException(
                        "the system property " + PROPERTY + " must be shared or frames, not '" + wanted + "'");
        };
    }

    @Override
    public SharedSegment make(int bytes) throws IOException {
        take(bytes);
        Path path = home.resolve(OwnName.of("multijvm", RANDOM_BYTES));
        try {
            return SharedSegment.create(path, bytes, () -> giveBack(bytes));
        } catch (IOException | RuntimeException e) {
            giveBack(bytes);
            throw e;
        }
    }

    @Override
    public WideFile wide(long bytes) throws IOException {
        return WideFile.create(home.resolve(OwnName.of("multijvm", RANDOM_BYTES)), bytes, false);
    }

    @Override
    public WideFile named(String prefix, String digits, long bytes) throws IOException {
        Leavings.sweepOnce();
        return WideFile.create(home.resolve(OwnName.of(prefix, digits, RANDOM_BYTES)), bytes, true);
    }

    private synchronized void take(int bytes) throws IOException {
        if (made == 0) {
            limit = Files.getFileStore(home).getUsableSpace() / SHARE;
        }
        if (made + bytes > limit) {
            throw new IOException("no " + bytes + " bytes of shared memory: " + made + " of the " + limit
                    + " are in use that this JVM takes of " + home);
        }
        made += bytes;
    }

    private synchronized void giveBack(int bytes) {
        made -= bytes;
    }
}
