// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.arena.WideMaker;
import io.multijvm.wire.arena.SharedSegment;
import io.multijvm.wire.arena.WideFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Makes files of a directory where there may be no room for another. Thread-safe. */
final class FewFiles implements WideMaker {
    private final Path directory;
    private final List<WideFile> made = new CopyOnWriteArrayList<>();
    private volatile @Nullable FileChannel full;

    FewFiles(Path directory) {
        this.directory = directory;
    }

    /** From now on there is no room while that file is not cut. */
    void noRoomBeside(FileChannel file) {
        full = file;
    }

    int count() {
        return made.size();
    }

    /** Another process's look at the file that was made so many before it, through a descriptor of its own. */
    FileChannel look(int file) throws IOException {
        return FileChannel.open(Path.of(made.get(file).address()));
    }

    void freeAll() {
        made.forEach(file -> file.free(true));
    }

    @Override
    public WideFile wide(long bytes) throws IOException {
        FileChannel other = full;
        if (other != null && other.size() > 0) {
            throw new IOException("no room");
        }
        WideFile file = WideFile.create(directory.resolve("file" + made.size()), bytes, false);
        made.add(file);
        return file;
    }

    @Override
    public WideFile named(String prefix, String digits, long bytes) {
        throw new AssertionError("nothing has a name here");
    }

    @Override
    public SharedSegment make(int bytes) {
        throw new AssertionError("cells are in this process here");
    }
}
