// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of lines as long as it was when it was opened: what is appended meanwhile is left out, or a run whose results are
 * appended to its own items would never end. A last line of which only a part was there is read to its end. A file that
 * became shorter is an error, for items are missing. A file of no length, such as many in {@code /proc}, is read to its
 * end, as is what is no regular file.
 */
final class FileAsItBegan extends InputStream {
    private final InputStream in;
    private final long size;
    private long position;
    private byte last = '\n';

    private FileAsItBegan(InputStream in, long size) {
        this.in = in;
        this.size = size;
    }

    static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        long size = Files.isRegularFile(file) ? Files.size(file) : 0;
        return size == 0 ? in : new FileAsItBegan(in, size);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        boolean begun = position < size;
        if (!begun && last == '\n') {
            return -1;
        }
        // beyond the size byte by byte, so as to stop behind the line
        int read = in.read(bytes, offset, begun ? (int) Math.min(length, size - position) : 1);
        if (read < 0) {
            if (begun) {
                throw new IOException("it became shorter while it was read: " + size
                        + " bytes when it was opened, no more than " + position + " now");
            }
            return -1;
        }
        position += read;
        last = bytes[offset + read - 1];
        return read;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
