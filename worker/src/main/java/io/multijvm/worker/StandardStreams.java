// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@code System.out} and {@code System.err} as the JDK makes them, but that they note when something is written: so it costs
 * no system call to know that an item has printed nothing. Where they are captured they also wait a little for the coordinator
 * to cut their files: it looks some times a second, in which a flood writes a hundred megabytes.
 */
final class StandardStreams {
    private static final int BUFFER_BYTES = 8192;

    private final AtomicBoolean written = new AtomicBoolean();
    private final Noting out = new Noting(FileDescriptor.out, written);
    private final Noting err = new Noting(FileDescriptor.err, written);

    private StandardStreams() {}

    /** Before any class of the user's can keep the JDK's own. */
    static StandardStreams note() {
        StandardStreams streams = new StandardStreams();
        System.setOut(stream(streams.out, "stdout"));
        System.setErr(stream(streams.err, "stderr"));
        return streams;
    }

    /** What is set when something was written. */
    AtomicBoolean written() {
        return written;
    }

    /** Both go into files that are cut when they grow too long. */
    void capturedIn(Path stdout, Path stderr) {
        out.captured = stdout.toFile();
        err.captured = stderr.toFile();
    }

    private static PrintStream stream(Noting to, String name) {
        return new PrintStream(new BufferedOutputStream(to, BUFFER_BYTES), true, charset(name));
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

    /** Notes each write once it is done, so that who sees the note finds the bytes. One thread at a time, by its stream's lock. */
    static final class Noting extends FileOutputStream {
        /** Asking for a length costs a microsecond. */
        private static final int LOOK_BYTES = 1 << 20;

        /** Four times what a file is cut for: who does not flood never comes so far. */
        static final long HOLD_BYTES = 16L << 20;

        /** A coordinator that does not cut for so long is stopped, or short of time: then a flood goes on, slowly. */
        private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

        private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

        private final AtomicBoolean written;
        /** The file behind the descriptor, if somebody cuts it. */
        volatile @Nullable File captured;

        private long sinceLook;

        Noting(FileDescriptor descriptor, AtomicBoolean written) {
            super(descriptor);
            this.written = written;
        }

        @Override
        public void write(int b) throws IOException {
            super.write(b);
            note(1);
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            super.write(bytes);
            note(bytes.length);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            super.write(bytes, offset, length);
            note(length);
        }

        private void note(int length) {
            if (!written.get()) {
                written.set(true);
            }
            sinceLook += length;
            if (sinceLook >= LOOK_BYTES) {
                sinceLook = 0;
                awaitCut();
            }
        }

        private void awaitCut() {
            File file = captured;
            long begin = System.nanoTime();
            while (file != null && file.length() > HOLD_BYTES && System.nanoTime() - begin < LONGEST_WAIT_NANOS) {
                LockSupport.parkNanos(this, NAP_NANOS);
            }
        }
    }
}
