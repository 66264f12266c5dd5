// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code System.out} and {@code System.err} as the JDK makes them, but that they note when something is written: so it costs
 * no system call to know that an item has printed nothing.
 */
final class StandardStreams {
    private static final int BUFFER_BYTES = 8192;

    private StandardStreams() {}

    /** Before any class of the user's can keep the JDK's own. Returns what is set when something was written. */
    static AtomicBoolean note() {
        AtomicBoolean written = new AtomicBoolean();
        System.setOut(stream(FileDescriptor.out, "stdout", written));
        System.setErr(stream(FileDescriptor.err, "stderr", written));
        return written;
    }

    private static PrintStream stream(FileDescriptor descriptor, String name, AtomicBoolean written) {
        return new PrintStream(
                new BufferedOutputStream(new Noting(descriptor, written), BUFFER_BYTES), true, charset(name));
    }

    /** As the JDK chooses it for what is no terminal; the first property is official since 19. */
    private static Charset charset(String name) {
        String own = System.getProperty(name + ".encoding", System.getProperty("sun." + name + ".encoding"));
        try {
            return own == null ? Charset.defaultCharset() : Charset.forName(own);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Charset.defaultCharset();
        }
    }

    /** Notes each write once it is done, so that who sees the note finds the bytes. */
    private static final class Noting extends FileOutputStream {
        private final AtomicBoolean written;

        Noting(FileDescriptor descriptor, AtomicBoolean written) {
            super(descriptor);
            this.written = written;
        }

        @Override
        public void write(int b) throws IOException {
            super.write(b);
            note();
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            super.write(bytes);
            note();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            super.write(bytes, offset, length);
            note();
        }

        private void note() {
            if (!written.get()) {
                written.set(true);
            }
        }
    }
}
