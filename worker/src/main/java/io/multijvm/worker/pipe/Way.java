// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.wire.pipe.ArrivingMessage;
import org.jspecify.annotations.Nullable;

/**
 * What the messages of one end pass through: mapped memory, messages to the pipe's owner, or a socket. Nothing here waits, but
 * for {@link #withdraw} and {@link #fetch}. One thread at a time sends, and one receives; its {@link PipeEndBase} sees to that.
 */
public interface Way {
    /** {@link #offer}: there is no room now. */
    int NO_ROOM = -1;

    /** Whether this end may send. */
    boolean sends();

    /** Whether this end may receive. */
    boolean receives();

    /**
     * Sends the next part of a message.
     *
     * @param first whether it is the first
     * @param total bytes of the message
     * @param length how many of these are left
     * @return how many were taken, or {@link #NO_ROOM}
     */
    int offer(boolean first, boolean raw, int total, byte[] from, int offset, int length);

    /** Whether what was taken last is certain to arrive. */
    default boolean settled() {
        return true;
    }

    /**
     * The sender gives up. Waits for a moment at most.
     *
     * @return whether the part that was not {@link #settled} is certain to arrive all the same
     */
    default boolean withdraw() {
        return false;
    }

    /** Has this end woken when there is room for so many bytes that are left, or what was taken is settled. Look again then. */
    void wantRoom(int length);

    /** Whether there seems to be room for so many bytes; false if that is not quickly told. */
    default boolean hasRoom(int length) {
        return false;
    }

    /** Receives the next part; false if there is none now. */
    boolean pull(ArrivingMessage into);

    /** Has this end woken when there is a part. Look again then. */
    void wantPart();

    /** Whether there seems to be a part; false if that is not quickly told. */
    default boolean hasPart() {
        return false;
    }

    /** Whether it pays to look again and again for a moment before one waits. */
    default boolean isQuick() {
        return false;
    }

    /** Whether nothing is here that was not asked for. */
    default boolean isRemote() {
        return false;
    }

    /** If this {@link #isRemote}, after {@link #wantPart}: waits for a moment until there is a part if one was sent before. */
    default void fetch() {}

    /** Why nothing comes any more but what is there now; null if more may come. */
    @Nullable
    String ended();

    /** Why nothing can be sent any more; null if it can. */
    @Nullable
    String broken();
}
