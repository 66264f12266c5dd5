// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.internal.process.PrivateFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Opens files that a flag names: new ones, that only their owner reads. A file that exists is never touched. */
final class NewFile {
    private NewFile() {}

    /** @param flag for the message where it cannot be */
    static OutputStream open(String flag, Path file) {
        return Channels.newOutputStream(channel(flag, file));
    }

    /** @param flag for the message where it cannot be */
    static FileChannel channel(String flag, Path file) {
        try {
            return PrivateFiles.create(file);
        } catch (FileAlreadyExistsException e) {
            throw exists(flag, file);
        } catch (NoSuchFileException e) {
            throw new UsageException(flag + " " + file + ": its directory does not exist; make it first");
        } catch (IOException e) {
            throw new UsageException(flag + " " + file + " cannot be made; name a file where you may write ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    static UsageException exists(String flag, Path file) {
        return new UsageException(flag + " " + file + " exists already; name another file, or remove it first");
    }
}
