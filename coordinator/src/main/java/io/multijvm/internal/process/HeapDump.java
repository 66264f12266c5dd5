// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The one heap dump that the workers of a pool may leave. All are given the same name, and a JVM writes no dump over a file
 * that is there (O_EXCL, 0600): so there is one at most, however many run out of heap in the same moment, and no disk is
 * filled. Thread-safe.
 *
 * @param file where it will lie, or does
 * @param warned whether it was said that there is no room for it
 */
record HeapDump(Path file, AtomicBoolean warned) {
    private static final Logger LOG = System.getLogger("io.multijvm");

    static final String ENDING = ".hprof";

    /** Stands for what tells pools apart, where there is no pool. */
    static final String PREVIEW_NAME = "POOL";

    /** A JVM says this on its stdout when it is done. */
    private static final String WRITTEN = "Heap dump file created";

    /** @param pool tells its dump from those of other pools, also of other JVMs */
    static HeapDump of(Path directory, String pool) {
        return new HeapDump(directory.toAbsolutePath().resolve("heap-" + pool + ENDING), new AtomicBoolean());
    }

    /**
     * Sees to it that there is such a directory that we may write to; a new one is this user's alone.
     *
     * @throws IllegalArgumentException if there cannot be
     */
    static void requireDirectory(Path directory) {
        try {
            if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                PrivateFiles.createDirectory(directory);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("heapDump: the directory " + directory + " cannot be made: " + e, e);
        }
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw new IllegalArgumentException("heapDump: " + directory + " is not a directory that can be written to");
        }
    }

    /** What a worker is told that is started now: nothing once there is a dump, or while the disk has no room for one. */
    List<String> flags(long heapBytes) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        long free = room();
        if (free < heapBytes) {
            if (warned.compareAndSet(false, true)) {
                LOG.log(
                        Level.WARNING,
                        "a worker is started without heap dump: " + file.getParent() + " has "
                                + (free >> 20) + " MiB left, and a dump may take the " + (heapBytes >> 20)
                                + " MiB of its heap; make room or name another directory");
            }
            return List.of();
        }
        return List.of("-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=" + file);
    }

    private long room() {
        Path place = file.getParent();
        while (place != null && !Files.exists(place)) {
            place = place.getParent();
        }
        try {
            return place == null ? 0 : Files.getFileStore(place).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * The dump, if a worker left it: its JVM said so, or, where nobody heard it, it was written since that was started.
     *
     * @param output of the worker
     */
    Optional<Path> leftBy(OutputFiles output, FileTime started) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        boolean isIts = output.equals(OutputFiles.NONE)
                ? writtenSince(started)
                : output.lastLineAfter(WRITTEN).isPresent();
        return isIts ? Optional.of(file) : Optional.empty();
    }

    private boolean writtenSince(FileTime started) {
        try {
            return Files.getLastModifiedTime(file).compareTo(started) >= 0;
        } catch (IOException e) {
            return false;
        }
    }
}
