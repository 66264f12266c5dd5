// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.wire.lineage.Offspring;
import io.multijvm.wire.lineage.ProcessStamp;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * What processes of ours that were killed have left: files whose names tell whose they were, and workers that nothing could
 * reach but a SIGKILL. Only what is this user's and nobody else could have changed is touched, and only if its owner is
 * certainly dead; links are not followed. Where the system does not tell owners as Unix does, everything stays.
 */
public final class Leavings {
    private static final Duration MOST_FOR_PROCESSES = Duration.ofSeconds(2);
    private static final AtomicBoolean SWEPT = new AtomicBoolean();
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int TYPE = 0170000;
    private static final int SYMBOLIC_LINK = 0120000;

    private final List<Path> places;
    /** Asked for each dead owner's first file: ends what processes it has left. */
    private final Set<ProcessStamp> ended = new HashSet<>();

    Leavings(List<Path> places) {
        this.places = places;
    }

    /** Deletes the files of one process that was reaped. Reads directories. */
    public static void delete(long pid) {
        new Leavings(places()).delete(owner -> owner.pid() == pid);
    }

    /** The first time in this JVM: deletes all there are of anybody's, in a thread of its own; returns at once. */
    static void sweepOnce() {
        if (SWEPT.compareAndSet(false, true)) {
            Thread thread = new Thread(() -> new Leavings(places()).delete(owner -> true), "multijvm-sweep");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Deletes the files of those of the owners that are dead. What cannot be deleted stays. */
    void delete(Predicate<ProcessStamp> owners) {
        for (Path place : places) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(place, OwnName.GLOB)) {
                for (Path file : files) {
                    Optional<ProcessStamp> owner =
                            OwnName.ownerOf(file.getFileName().toString());
                    if (owner.isPresent()
                            && owners.test(owner.get())
                            && isOurs(file)
                            && owner.get().isGone()) {
                        endProcesses(owner.get());
                        PrivateFiles.deleteRecursively(file);
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                // nobody may look there: then nothing of ours is there
            }
        }
    }

    /** Before their files are deleted: a run that ended in good order leaves none, and what it left running is its user's. */
    private void endProcesses(ProcessStamp owner) {
        if (ended.add(owner)) {
            Offspring.endOf(owner, MOST_FOR_PROCESSES);
        }
    }

    /** Whether it belongs to this user, and no other can have put anything into it or in its place. */
    private static boolean isOurs(Path file) {
        try {
            Map<String, Object> tells = Files.readAttributes(file, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
            int mode = (Integer) Objects.requireNonNull(tells.get("mode"));
            return Files.getAttribute(self(), "unix:uid").equals(tells.get("uid"))
                    && (mode & TYPE) != SYMBOLIC_LINK
                    && (mode & WRITABLE_BY_OTHERS) == 0;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Something that is certainly this user's. */
    private static Path self() {
        Path proc = Path.of("/proc/self");
        return Files.isDirectory(proc) ? proc : Path.of(System.getProperty("user.home", "/"));
    }

    private static List<Path> places() {
        List<Path> places = new ArrayList<>(PrivateDirectory.bases());
        places.add(Path.of("/tmp"));
        places.add(RunDirectory.SHARED_MEMORY);
        return places.stream().distinct().filter(Files::isDirectory).toList();
    }
}
