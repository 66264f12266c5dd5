// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.arena;

import io.multijvm.codec.EncodedSource;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.wire.arena.PlacedBytes;
import io.multijvm.wire.arena.SharedSegment;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A finished result that still lies in shared memory, for the thread that wants it. Reading releases it; one that nobody
 * wants is to be released by whoever drops it. The collector sees to those that were forgotten.
 *
 * <pre>
 * finished -- open, bytes, release, or unreachable --> released   the region is the worker's again
 * </pre>
 *
 * <p>Reading is one thread's, once; release is any thread's, as often as one likes.
 */
public final class PlacedResult {
    private static final Cleaner FORGOTTEN = Cleaner.create();
    private static final int PIECE = 256 << 10;

    private final SharedSegment segment;
    private final PlacedBytes place;
    private final Cleaner.Cleanable lease;

    /**
     * @param segment with a lease for this result
     * @param onReleased tells the worker; from any thread
     */
    PlacedResult(SharedSegment segment, PlacedBytes place, Runnable onReleased) {
        this.segment = segment;
        this.place = place;
        this.lease = FORGOTTEN.register(this, () -> {
            segment.release();
            onReleased.run();
        });
    }

    public int length() {
        return place.length();
    }

    /**
     * The decoded value.
     *
     * @param whose what the result is of, for messages
     * @throws PayloadException if its bytes are not what the worker wrote, or hold no value
     */
    public @Nullable Object open(ValueCodec codec, String whose) {
        try {
            return codec.decode(new Source(whose));
        } catch (OutOfMemoryError e) {
            throw noRoom(whose, e);
        } catch (InternalError e) { // the file was cut short, and compiled code throws that late
            throw lost(whose, "its memory is gone", e);
        } finally {
            release();
        }
    }

    /** The bytes as they are; for a failure's message. */
    public byte[] bytes(String whose) {
        try {
            Source source = new Source(whose);
            byte[] bytes = new byte[source.length()];
            source.read(bytes, 0, bytes.length);
            source.end();
            return bytes;
        } catch (OutOfMemoryError e) {
            throw noRoom(whose, e);
        } catch (InternalError e) { // as above
            throw lost(whose, "its memory is gone", e);
        } finally {
            release();
        }
    }

    /** Nobody wants it. */
    public void release() {
        lease.clean();
    }

    private static PayloadException lost(String whose, String why, @Nullable Throwable cause) {
        return new PayloadException(
                "the result of " + whose + " was lost in shared memory: " + why
                        + ". Something wrote where it must not: look for native code in the worker",
                "",
                cause);
    }

    private PayloadException noRoom(String whose, OutOfMemoryError e) {
        return new PayloadException(
                whose + " has a result of " + length() + " bytes, for which this JVM's heap of "
                        + (Runtime.getRuntime().maxMemory() >> 20) + " MiB has no room; raise its -Xmx or return less",
                "",
                e);
    }

    /** Checks while it copies, for what lies there may change behind our back: the copy alone is believed. */
    private final class Source implements EncodedSource {
        private final String whose;
        private final CRC32C crc = new CRC32C();
        private int at;

        Source(String whose) {
            this.whose = whose;
        }

        @Override
        public int length() {
            return place.length();
        }

        @Override
        public void read(byte[] into, int offset, int bytes) {
            try {
                for (int done = 0; done < bytes; ) {
                    int piece = Math.min(PIECE, bytes - done);
                    segment.read(place.offset() + at, into, offset + done, piece);
                    crc.update(into, offset + done, piece);
                    at += piece;
                    done += piece;
                }
            } catch (IOException e) {
                throw lost(whose, "its memory is gone", e);
            } finally {
                Reference.reachabilityFence(PlacedResult.this);
            }
        }

        @Override
        public void end() {
            if (at != place.length() || (int) crc.getValue() != place.crc()) {
                throw lost(whose, "its bytes do not match their checksum", null);
            }
        }
    }
}
