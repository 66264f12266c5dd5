// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

/**
 * The word of a shared lock, which all its clients change by compare-and-set. Pure functions.
 *
 * <pre>
 * holder 16 | waited for 1 | abandoned 1 | hand-off 1 | epoch 45
 *
 * free      -- taken ------> held, epoch + 1, neither abandoned nor to hand off
 * held      -- released ---> free
 * held      -- reclaimed --> free, abandoned: by the owner alone, when the holder's process is reaped
 * </pre>
 *
 * <p><i>Holder</i> is the client that has the lock, 0 for nobody. <i>Waited for</i>: who releases takes the mark away and tells the
 * owner. <i>Abandoned</i>: the last holder died with it. <i>Hand-off</i>: only whom the owner wakes may take it. The owner alone sets
 * these three; taking clears the last two. The <i>epoch</i> is the fencing token of who took it last; it never falls, so that no
 * stale word is ever taken for a new one. There are enough for a month of nothing but locking.
 */
public final class LockWord {
    /** The highest number of a client. */
    public static final int MOST_CLIENTS = 0xffff;

    private static final int HOLDER_AT = 48;
    private static final long WAITED_FOR = 1L << 47;
    private static final long ABANDONED = 1L << 46;
    private static final long HAND_OFF = 1L << 45;
    private static final long EPOCH = HAND_OFF - 1;

    private LockWord() {}

    /** The client that holds it, 0 for nobody. */
    public static int holder(long word) {
        return (int) (word >>> HOLDER_AT);
    }

    /** Whether nobody holds it. It may still be kept for somebody: {@link #handsOff}. */
    public static boolean isFree(long word) {
        return word >>> HOLDER_AT == 0;
    }

    /** Whether who releases it must tell the owner. */
    public static boolean isWaitedFor(long word) {
        return (word & WAITED_FOR) != 0;
    }

    /** Whether the last holder died with it. */
    public static boolean isAbandoned(long word) {
        return (word & ABANDONED) != 0;
    }

    /** Whether only whom the owner wakes may take it. */
    public static boolean handsOff(long word) {
        return (word & HAND_OFF) != 0;
    }

    /** The token of who took it last. */
    public static long epoch(long word) {
        return word & EPOCH;
    }

    /**
     * As it is when a client has taken it.
     *
     * @param client 1 to {@link #MOST_CLIENTS}
     */
    public static long taken(long free, int client) {
        if (client < 1 || client > MOST_CLIENTS) {
            throw new IllegalArgumentException("client " + client + " is none of 1 to " + MOST_CLIENTS);
        }
        return ((long) client << HOLDER_AT) | (epoch(free) + 1 & EPOCH);
    }

    /** As it is when its holder has released it. Who was to tell the owner does so now, and nobody after it until the next mark. */
    public static long released(long held) {
        return held & (HAND_OFF | EPOCH);
    }

    /** As it is when it was taken from a holder that is dead. */
    public static long reclaimed(long held) {
        return released(held) | ABANDONED;
    }

    /** With both of the owner's marks as said. */
    public static long marked(long word, boolean waitedFor, boolean handOff) {
        return (word & ~(WAITED_FOR | HAND_OFF)) | (waitedFor ? WAITED_FOR : 0) | (handOff ? HAND_OFF : 0);
    }

    /** As it is when its cell is used for another lock: free, and unlike any word before. */
    public static long renewed(long word) {
        return epoch(word) + 1 & EPOCH;
    }

    /** For messages of what is wrong. */
    public static String text(long word) {
        return (isFree(word) ? "free" : "held by client " + holder(word))
                + (isWaitedFor(word) ? ", waited for" : "")
                + (isAbandoned(word) ? ", abandoned" : "")
                + (handsOff(word) ? ", handed over" : "")
                + ", epoch " + epoch(word);
    }
}
