// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a process of ours that was killed has left on the disk: files that have its pid in their names. */
public final class Leavings {
    private Leavings() {}

    /** Deletes them, if there is no process with this pid. What cannot be deleted stays. Reads directories. */
    public static void delete(long pid) {
        for (Path base : places()) {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(base, "multijvm-{" + pid + ",hub-" + pid + "}-*")) {
                for (Path file : files) {
                    if (ProcessHandle.of(pid).isEmpty()) {
                        PrivateFiles.deleteRecursively(file);
                    }
                }
            } catch (IOException e) {
                // nobody may look there: then nothing of ours is there
            }
        }
    }

    private static List<Path> places() {
        List<Path> places = new ArrayList<>(PrivateDirectory.bases());
        places.add(Path.of("/tmp"));
        places.add(RunDirectory.SHARED_MEMORY);
        return places.stream().distinct().filter(Files::isDirectory).toList();
    }
}
