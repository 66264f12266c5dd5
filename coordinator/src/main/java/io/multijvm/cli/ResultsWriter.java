// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Results as JSON lines. The thread that consumes them writes into a buffer; a ticker flushes it when it has something,
 * so that a reader sees each result soon although the consumer may be waiting for the next. All methods may be called
 * from any thread.
 */
final class ResultsWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final OutputStream out;
    private final boolean ours;
    /** Guarded by this, as are the fields below it. */
    private final byte[] buffer = new byte[BUFFER_BYTES];

    private int filled;
    private @Nullable IOException failure;

    /** @param ours whether closing this closes the stream */
    ResultsWriter(OutputStream out, boolean ours) {
        this.out = out;
        this.ours = ours;
    }

    /** @param json the result as its worker wrote it: JSON on one line */
    void value(long index, String json) throws IOException {
        append("{\"index\":" + index + ",\"value\":" + json + "}\n");
    }

    void error(long index, String kind, String message, int attempts) throws IOException {
        JsonObject error = new JsonObject();
        error.addProperty("kind", kind);
        error.addProperty("message", message);
        error.addProperty("attempts", attempts);
        append("{\"index\":" + index + ",\"error\":" + GSON.toJson(error) + "}\n");
    }

    private synchronized void append(String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > buffer.length - filled) {
            drain();
        }
        if (bytes.length > buffer.length) {
            write(bytes, bytes.length);
        } else {
            System.arraycopy(bytes, 0, buffer, filled, bytes.length);
            filled += bytes.length;
        }
    }

    /** Hands over what is in the buffer. Does nothing when there is nothing. */
    synchronized void flush() throws IOException {
        if (filled > 0) {
            drain();
            flushStream();
        }
    }

    private void drain() throws IOException {
        int length = filled;
        filled = 0;
        write(buffer, length);
    }

    private void write(byte[] bytes, int length) throws IOException {
        rethrowFailure();
        try {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    private void flushStream() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** Why nothing can be written any more, if that is so. */
    synchronized Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Throws what made an earlier write fail, if one did. */
    synchronized void rethrowFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    /** Whether a write failed because nobody reads any more, as behind {@code | head}. */
    static boolean isBrokenPipe(IOException e) {
        // The JDK has no type for it; the system's text contains this word in every language we know of.
        return e.getMessage() != null && e.getMessage().toLowerCase(Locale.ROOT).contains("pipe");
    }

    /** Hands over the rest, unless an earlier write failed: that was reported, and the rest is lost with it. */
    @Override
    public synchronized void close() throws IOException {
        try {
            if (failure == null) {
                flush();
            }
        } finally {
            if (ours) {
                out.close();
            }
        }
    }
}
