// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire;

import io.grpc.Metadata;
import java.time.Duration;

/** Numbers and names that both sides must agree on. */
public final class Protocol {
    /** Raised whenever an older worker could misread a newer coordinator, or the reverse. */
    public static final int VERSION = 2;

    /** Metadata key under which a client shows its {@link Ticket}. */
    public static final Metadata.Key<String> TICKET =
            Metadata.Key.of("multijvm-ticket", Metadata.ASCII_STRING_MARSHALLER);

    /** Metadata key under which a client of shared objects names their manager, which is no secret. */
    public static final Metadata.Key<String> MANAGER =
            Metadata.Key.of("multijvm-manager", Metadata.ASCII_STRING_MARSHALLER);

    /** What a client names that has an address at which one manager alone is served, and nothing more. */
    public static final String SERVED_MANAGER = "0";

    /**
     * How long the other side of a TCP connection to a manager that is served may be silent before it is asked for a sign of
     * life. gRPC takes no less.
     */
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    /** How long it may take for that sign. */
    public static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

    /** The largest piece of a carried payload, and the most that the items of one message may hold together. */
    public static final int MAX_FRAME_BYTES = 1 << 20;

    /** Frames are no larger than this while other messages wait behind them. */
    public static final int SMALL_FRAME_BYTES = 64 << 10;

    /** An encoded item above this size is carried in frames of its own. */
    public static final int MAX_INLINE_ITEM_BYTES = 128 << 10;

    /** What a gRPC message may hold: a frame, or coalesced chunks, and their envelopes. */
    public static final int MAX_MESSAGE_BYTES = MAX_FRAME_BYTES + (256 << 10);

    /** Bytes of frames that each side may send before the other has granted more. */
    public static final int INITIAL_CREDIT_BYTES = 4 << 20;

    /** Log records that one message may hold; together they are no larger than a small frame, or it is one alone. */
    public static final int MOST_LOG_RECORDS = 256;

    /** Of the text of a log record; what is longer is cut, and a note says so. */
    public static final int MOST_LOG_CHARS = 16 << 10;

    /** How long a connected client may take to say hello. */
    public static final Duration HELLO_TIMEOUT = Duration.ofSeconds(10);

    private Protocol() {}
}
