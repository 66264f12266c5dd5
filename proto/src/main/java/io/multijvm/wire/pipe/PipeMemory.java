// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.pipe;

import io.multijvm.wire.mapped.Words;
import java.nio.ByteBuffer;

/**
 * How a pipe lies in memory: the words of its two directions, who has which end, then the rings. A new one is all zeros.
 *
 * <p>Who has an end is written by the pipe's owner alone, before it says so to the process that gets it; so whoever has taken
 * a waiting side's raised word, and looks after that, finds the process that has raised it.
 */
public final class PipeMemory {
    /** What one direction holds. */
    public static final int RING_BYTES = 256 << 10;

    private static final int LEFT_AT = 2 * PipeRing.CONTROL_BYTES;
    private static final int RIGHT_AT = LEFT_AT + 64;
    private static final int RINGS_AT = 4096;

    private final ByteBuffer memory;
    private final int ringBytes;

    public PipeMemory(ByteBuffer memory, int ringBytes) {
        this.memory = memory;
        this.ringBytes = ringBytes;
    }

    /** What one direction holds. */
    public int ringBytes() {
        return ringBytes;
    }

    /** Its length. */
    public static int bytes(int ringBytes, boolean bothWays) {
        return RINGS_AT + ringBytes * (bothWays ? 2 : 1);
    }

    /**
     * The ring to one end from the other.
     *
     * @param right to the right one; of a pipe of one way the only one
     */
    public PipeRing ringTo(boolean right) {
        return right
                ? new PipeRing(memory, 0, RINGS_AT, ringBytes)
                : new PipeRing(memory, PipeRing.CONTROL_BYTES, RINGS_AT + ringBytes, ringBytes);
    }

    /** The number of the client that has that end; 0 if nobody has. */
    public int holder(boolean right) {
        return (int) Words.get(memory, right ? RIGHT_AT : LEFT_AT);
    }

    /** The owner's. */
    public void setHolder(boolean right, int client) {
        Words.set(memory, right ? RIGHT_AT : LEFT_AT, client);
    }
}
