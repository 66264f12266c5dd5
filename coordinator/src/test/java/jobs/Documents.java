// SPDX-License-Identifier: Apache-2.0
package jobs;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Methods that take a file. */
public final class Documents {
    private Documents() {}

    public static long path(Path file) throws IOException {
        return Files.size(file);
    }

    public static long file(File file) {
        return file.length();
    }

    public static long text(String file) throws IOException {
        return Files.size(Path.of(file));
    }

    public static long fails(Path file) throws IOException {
        throw new IOException("no document: " + file);
    }
}
