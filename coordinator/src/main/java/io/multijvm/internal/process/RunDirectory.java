// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the files of one pool lie: a directory for each worker process, and their recorders, which lie in memory where the
 * system offers that. All are this user's alone, and all go when the pool is closed or this JVM ends. Thread-safe.
 */
public final class RunDirectory implements AutoCloseable {
    /** The name of the fatal-error log in a worker's directory. */
    static final String FATAL_ERROR_LOG = "hs_err.log";

    static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int RECORDER_RANDOM_BYTES = 16;

    /** Containers often have 64 MB there in all; some of it must be left for others. */
    private static final long LEAST_SHARED_MEMORY_BYTES = 16 << 20;

    private final PrivateDirectory directory;
    private final Map<Incarnation, Path> recorders = new ConcurrentHashMap<>();

    /** One incarnation of one slot, or of slot -1 one that began as a standby. */
    private record Incarnation(int slot, int number) {}

    private RunDirectory(PrivateDirectory directory) {
        this.directory = directory;
        ExitCleanup.add(this);
    }

    /** A new, empty one. The first of this JVM has deleted, aside, what runs that were killed have left. */
    public static RunDirectory create() throws IOException {
        Leavings.sweepOnce();
        return new RunDirectory(PrivateDirectory.create("multijvm"));
    }

    public Path path() {
        return directory.path();
    }

    /** Creates the directory of one worker process; it must not be there yet. */
    public Path createWorkerDirectory(int slot, int incarnation) throws IOException {
        Path path = workerDirectory(new Incarnation(slot, incarnation));
        PrivateFiles.createDirectory(path);
        return path;
    }

    /** The place of one worker process's recorder: always the same answer, which nobody else can guess. */
    public Path recorderPath(int slot, int incarnation) {
        return recorders.computeIfAbsent(
                new Incarnation(slot, incarnation),
                process -> recorderHome().resolve(OwnName.of("multijvm", RECORDER_RANDOM_BYTES)));
    }

    /** Takes the recorder's name away; who has mapped it keeps it. Twice is fine: a system may refuse while it is mapped. */
    public void unlinkRecorder(int slot, int incarnation) {
        Incarnation process = new Incarnation(slot, incarnation);
        Path recorder = recorders.get(process);
        if (recorder != null) {
            PrivateFiles.deleteQuietly(recorder);
            if (!Files.exists(recorder, LinkOption.NOFOLLOW_LINKS)) {
                recorders.remove(process);
            }
        }
    }

    /**
     * Deletes the files of a worker that was reaped and whose recorder was read. Its directory stays until the pool is
     * closed if the JVM left a fatal-error log in it, for the crash report names that.
     */
    public void retire(int slot, int incarnation) {
        unlinkRecorder(slot, incarnation);
        Path files = workerDirectory(new Incarnation(slot, incarnation));
        if (!Files.exists(files.resolve(FATAL_ERROR_LOG), LinkOption.NOFOLLOW_LINKS)) {
            PrivateFiles.deleteRecursively(files);
        }
    }

    /** Deletes everything; links are not followed. Closing twice is fine. */
    @Override
    public void close() {
        recorders.values().forEach(PrivateFiles::deleteQuietly);
        directory.close();
        ExitCleanup.remove(this);
    }

    private Path workerDirectory(Incarnation process) {
        String name = process.slot() < 0 ? "standby" : "w" + process.slot();
        return path().resolve(name + "-" + process.number());
    }

    private Path recorderHome() {
        try {
            boolean memory = Files.isDirectory(SHARED_MEMORY)
                    && Files.isWritable(SHARED_MEMORY)
                    && Files.getFileStore(SHARED_MEMORY).getUsableSpace() >= LEAST_SHARED_MEMORY_BYTES;
            return memory ? SHARED_MEMORY : path();
        } catch (IOException e) {
            return path();
        }
    }
}
