// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** A print stream that tells, as other streams do, when nobody reads it any more. */
final class CheckedStream extends OutputStream {
    private final PrintStream out;

    CheckedStream(PrintStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        check();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        check();
    }

    @Override
    public void flush() throws IOException {
        check();
    }

    /** Flushes, too. A print stream does not say what went wrong, so the likeliest is assumed. */
    private void check() throws IOException {
        if (out.checkError()) {
            throw new IOException("Broken pipe");
        }
    }
}
