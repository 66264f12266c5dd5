// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the results go: stdout, or a new file that only its owner reads. A file that exists is never touched. */
final class ResultsTarget implements AutoCloseable {
    private static final Set<StandardOpenOption> NEW_FILE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final @Nullable Path file;
    private final ResultsWriter writer;
    private boolean kept;

    private ResultsTarget(@Nullable Path file, ResultsWriter writer) {
        this.file = file;
        this.writer = writer;
    }

    static ResultsTarget open(@Nullable Path file, OutputStream stdout) {
        if (file == null) {
            return new ResultsTarget(null, new ResultsWriter(stdout, false));
        }
        try {
            FileChannel channel = FileChannel.open(file, NEW_FILE, ownerOnly());
            return new ResultsTarget(file, new ResultsWriter(new ResultsFile(channel), true));
        } catch (FileAlreadyExistsException e) {
            throw exists(file);
        } catch (NoSuchFileException e) {
            throw new UsageException("--results " + file + ": its directory does not exist; make it first");
        } catch (IOException e) {
            throw new UsageException("--results " + file + " cannot be made; name a file where you may write ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    /** Where results would go. */
    static String describe(@Nullable Path file) {
        if (file != null && Files.exists(file)) {
            throw exists(file);
        }
        return file == null ? "stdout" : "a new file " + file;
    }

    private static UsageException exists(Path file) {
        return new UsageException("--results " + file + " exists already; name another file, or remove it first");
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    ResultsWriter writer() {
        return writer;
    }

    /** The run reached its end: also an empty file is its result now. */
    void keep() {
        kept = true;
    }

    /** A file without a result, of a run that could not begin, would only stand in the way of the next try. */
    @Override
    public void close() throws IOException {
        writer.close();
        if (file != null && !kept && Files.size(file) == 0) {
            Files.delete(file);
        }
    }
}
