// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A new file of lines, which ends with a whole line even if the disk is full: what was written of a last line is cut off
 * again, for a reader would take half a result for a broken file. Closing waits until the disk has it.
 */
final class ResultsFile extends OutputStream {
    private final FileChannel channel;

    /** Where the last whole line ends. */
    private long whole;

    /** @param channel of an empty file */
    ResultsFile(FileChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
        try {
            while (left.hasRemaining()) {
                channel.write(left);
            }
        } catch (IOException e) {
            afterWhole(bytes, offset, length - left.remaining());
            cut(e);
            throw e;
        }
        afterWhole(bytes, offset, length);
    }

    private void afterWhole(byte[] bytes, int offset, int written) throws IOException {
        long begin = channel.position() - written;
        for (int i = written - 1; i >= 0; i--) {
            if (bytes[offset + i] == '\n') {
                whole = begin + i + 1;
                return;
            }
        }
    }

    private void cut(IOException why) {
        try {
            channel.truncate(whole);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            channel.force(true);
        }
    }
}
