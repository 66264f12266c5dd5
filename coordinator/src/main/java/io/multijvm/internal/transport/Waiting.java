// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.wire.v1.Chunk;
import io.multijvm.wire.v1.ToWorker;

/** Data that waits in an {@link Outbox}. */
sealed interface Waiting {
    /** In place of a chunk or a call where there is none. */
    long NONE = Long.MIN_VALUE;

    /** The chunk that this is about, or {@link #NONE}. */
    long chunkId();

    /** The call that this is about, or {@link #NONE}. */
    long callId();

    /** A chunk that may cross together with its neighbours. */
    record OneChunk(Chunk chunk) implements Waiting {
        @Override
        public long chunkId() {
            return chunk.getChunkId();
        }

        @Override
        public long callId() {
            return chunk.getCallId();
        }
    }

    /** A message that crosses as it is. */
    record Message(long chunkId, long callId, ToWorker message) implements Waiting {}

    /** A payload that is to lie in shared memory before the message that is queued behind it goes out. */
    record Shared(Placement placement) implements Waiting {
        @Override
        public long chunkId() {
            return NONE;
        }

        @Override
        public long callId() {
            return NONE;
        }
    }

    /** What is left of a payload that crosses in frames, for a message that is queued behind it. */
    final class Frames implements Waiting {
        final long payloadId;
        final byte[] bytes;
        final int begin;
        final int end;
        int sentTo;

        Frames(long payloadId, byte[] bytes, int offset, int length) {
            this.payloadId = payloadId;
            this.bytes = bytes;
            this.begin = offset;
            this.end = offset + length;
            this.sentTo = offset;
        }

        int left() {
            return end - sentTo;
        }

        @Override
        public long chunkId() {
            return NONE;
        }

        @Override
        public long callId() {
            return NONE;
        }
    }
}
