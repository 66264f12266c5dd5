// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * The owner of stderr while a run goes on: lines, and below them perhaps a bar that is redrawn in its place. Whatever is
 * written takes the bar away first; it comes back with the next drawing. All methods may be called from any thread.
 */
final class Console {
    /** To the first column and on with nothing to its right. */
    private static final String CLEAR_LINE = "\r\u001B[K";

    private final PrintStream stream;
    /** Guarded by this. */
    private @Nullable String drawn;

    private boolean over;

    Console(PrintStream stream) {
        this.stream = stream;
    }

    /** Writes one or more whole lines, above the bar if there is one. */
    synchronized void println(String lines) {
        clear();
        stream.println(lines);
    }

    /** Puts the bar where it was, with a new text, which must fit on one line. */
    synchronized void draw(String bar) {
        if (over || bar.equals(drawn)) {
            return;
        }
        // The cursor goes back, so that the ^C of a terminal, or our neighbour's output, does not make the line too
        // long.
        stream.print(CLEAR_LINE + bar + "\r");
        stream.flush();
        drawn = bar;
    }

    /** As {@link #println}, and nothing is drawn below it any more. */
    synchronized void last(String lines) {
        over = true;
        println(lines);
    }

    /** Takes the bar away. Without one nothing is written: a file or a pipe never sees an escape sequence. */
    synchronized void clear() {
        if (drawn != null) {
            stream.print(CLEAR_LINE);
            stream.flush();
            drawn = null;
        }
    }

    /** A stream to the same terminal, as stdout often is: the bar makes room for what is written there. */
    OutputStream besides(OutputStream out) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                synchronized (Console.this) {
                    clear();
                    out.write(bytes, offset, length);
                    out.flush();
                }
            }

            @Override
            public void flush() throws IOException {
                out.flush();
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }
}
