// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import io.multijvm.codec.EncodedSource;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.wire.arena.ArgumentRegion;
import io.multijvm.wire.arena.SharedSegment;
import io.multijvm.worker.execute.PlacedPayload;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A payload in a segment. The coordinator may still be writing it; then it is copied out behind the writer. Has a lease on
 * the segment until it is released.
 *
 * <pre>
 * named  -- decode or release --> released   the coordinator is told, once
 * </pre>
 */
final class SharedPayload implements PlacedPayload {
    /** How often the writer's progress is looked at before the thread sleeps: it is seldom far behind. */
    private static final int SPINS = 100;

    private static final long NAP_NANOS = 20_000;

    private final SharedSegment segment;
    private final int region;
    private final int length;
    private final Runnable onReleased;
    private final AtomicBoolean released = new AtomicBoolean();

    /**
     * @param segment with a lease for this payload
     * @param region where it begins, with its header
     * @param onReleased tells the coordinator; from any thread
     */
    SharedPayload(SharedSegment segment, int region, int length, Runnable onReleased) {
        this.segment = segment;
        this.region = region;
        this.length = length;
        this.onReleased = onReleased;
    }

    @Override
    public @Nullable Object decode(ValueCodec codec) {
        try {
            return codec.decode(new Source());
        } finally {
            release();
        }
    }

    @Override
    public void release() {
        if (released.compareAndSet(false, true)) {
            segment.release();
            onReleased.run();
        }
    }

    /** Reads as far as was written, and waits for the rest. The coordinator's death ends this process, so that it comes. */
    private final class Source implements EncodedSource {
        private int at;
        private long written;

        @Override
        public int length() {
            return length;
        }

        @Override
        public void read(byte[] into, int offset, int bytes) {
            int end = offset + bytes;
            int to = offset;
            try {
                while (to < end) {
                    awaitMore();
                    int piece = (int) Math.min(end - to, written - at);
                    segment.read(region + ArgumentRegion.HEADER + at, into, to, piece);
                    at += piece;
                    to += piece;
                }
            } catch (IOException e) {
                throw new PayloadException(
                        "the bytes of a value were lost on their way to the worker: " + e.getMessage(), "", e);
            }
        }

        private void awaitMore() throws IOException {
            for (int look = 0; written <= at; look++) {
                written = ArgumentRegion.written(segment, region);
                if (written == ArgumentRegion.LOST || written > length) {
                    throw new IOException("the coordinator could not write them");
                }
                if (written > at) {
                    return;
                }
                if (look < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(this, NAP_NANOS);
                }
            }
        }

        @Override
        public void end() {
            if (at != length) {
                throw new IllegalStateException(at + " of " + length + " bytes were read");
            }
        }
    }
}
