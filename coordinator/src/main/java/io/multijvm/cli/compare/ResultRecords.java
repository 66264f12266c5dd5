// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import io.multijvm.internal.process.PrivateFiles;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * What became of each item, one record of a fixed size for each in input order: a kind, a digest of the value and its
 * first characters. So a dead trial still tells how far it came, two trials are compared without holding their results,
 * and the first item that differs can be shown.
 */
public final class ResultRecords implements AutoCloseable {
    /** What an item can come to. */
    public enum Kind {
        VALUE('V'),
        /** The task threw. */
        THREW('T'),
        /** The item was lost: to a death, a full heap, a time-out. Says nothing of what the task would have returned. */
        LOST('L');

        private final byte sign;

        Kind(char sign) {
            this.sign = (byte) sign;
        }

        private static Kind of(byte sign) throws IOException {
            return Arrays.stream(values())
                    .filter(each -> each.sign == sign)
                    .findFirst()
                    .orElseThrow(() -> new IOException("not a record of results: it begins with " + sign));
        }
    }

    private static final int DIGEST_BYTES = 16;
    private static final int SHOWN_BYTES = 46;
    private static final int RECORD_BYTES = 1 + DIGEST_BYTES + 1 + SHOWN_BYTES;
    private static final int BUFFERED_RECORDS = 256;

    /** Items that take longer are on the disk when the next one begins; a million short ones need not be one by one. */
    private static final long LONGEST_BUFFERED_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final SeekableByteChannel out;
    private final boolean eachAtOnce;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFERED_RECORDS * RECORD_BYTES);
    private final MessageDigest ofItem = sha256();
    private final MessageDigest ofAll = sha256();
    private long index;
    private long flushed = System.nanoTime();

    private ResultRecords(SeekableByteChannel out, boolean eachAtOnce) {
        this.out = out;
        this.eachAtOnce = eachAtOnce;
    }

    /**
     * Makes the file anew.
     *
     * @param eachAtOnce whether every record is handed to the system by itself, for a trial that is meant to die
     */
    public static ResultRecords create(Path file, boolean eachAtOnce) throws IOException {
        return new ResultRecords(PrivateFiles.create(file), eachAtOnce);
    }

    /** Appends the next item's. */
    public void add(Kind kind, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] digest = Arrays.copyOf(ofItem.digest(bytes), DIGEST_BYTES);
        int shown = Math.min(SHOWN_BYTES, bytes.length);
        int begin = buffer.position();
        buffer.put(kind.sign).put(digest).put((byte) shown).put(bytes, 0, shown);
        while (buffer.position() < begin + RECORD_BYTES) {
            buffer.put((byte) 0);
        }
        ofAll.update(ByteBuffer.allocate(Long.BYTES).putLong(0, index++));
        ofAll.update(buffer.array(), begin, 1 + DIGEST_BYTES);
        long now = System.nanoTime();
        if (eachAtOnce || !buffer.hasRemaining() || now - flushed > LONGEST_BUFFERED_NANOS) {
            flush();
            flushed = now;
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        buffer.clear();
    }

    /** Over all items so far; afterwards begins anew. */
    public String sha256OfAll() {
        return HexFormat.of().formatHex(ofAll.digest());
    }

    @Override
    public void close() throws IOException {
        try {
            flush();
        } finally {
            out.close();
        }
    }

    /** How many items' results are in a file, which may not exist. */
    static long count(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) / RECORD_BYTES : 0;
    }

    /** One item's, as read back. */
    record Entry(long index, Kind kind, String digest, String shown) {
        /** Items that were lost on either side are left out: nothing is known of them. */
        boolean contradicts(Entry other) {
            return kind != Kind.LOST && other.kind != Kind.LOST && (kind != other.kind || !digest.equals(other.digest));
        }

        boolean isValue() {
            return kind == Kind.VALUE;
        }

        /** The value's beginning, or that there is none. */
        String inWords() {
            return switch (kind) {
                case VALUE -> shown.length() < SHOWN_BYTES ? shown : shown + "...";
                case THREW -> "an exception, " + shown;
                case LOST -> "no result";
            };
        }
    }

    /** Reads the records of one file in order. */
    static final class Reader implements AutoCloseable {
        private final DataInputStream in;
        private long next;
        private final long count;

        Reader(Path file) throws IOException {
            count = count(file);
            InputStream stream = count == 0 ? InputStream.nullInputStream() : Files.newInputStream(file);
            in = new DataInputStream(new BufferedInputStream(stream, BUFFERED_RECORDS * RECORD_BYTES));
        }

        boolean hasNext() {
            return next < count;
        }

        Entry next() throws IOException {
            byte[] record = new byte[RECORD_BYTES];
            in.readFully(record);
            int shown = record[1 + DIGEST_BYTES];
            return new Entry(
                    next++,
                    Kind.of(record[0]),
                    HexFormat.of().formatHex(record, 1, 1 + DIGEST_BYTES),
                    new String(record, 2 + DIGEST_BYTES, shown, StandardCharsets.UTF_8));
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has it", e);
        }
    }
}
