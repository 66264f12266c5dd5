// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared.model;

/** A state of {@link LockModel}, packed: the word with what it guards, the owner's own, and a long for each client. */
@SuppressWarnings("EnumOrdinal") // packed into bits, and nowhere kept
final class LockState {
    // the long of the word
    /** Client + 1, or 0. */
    static final Field OWNER = new Field(0, 2);

    static final Field WAITED_FOR = new Field(2, 1);
    static final Field ABANDONED = new Field(3, 1);
    static final Field HAND_OFF = new Field(4, 1);
    static final Field EPOCH = new Field(5, 6);
    /** What the lock guards. */
    static final Field ITEMS = new Field(11, 3);
    /** The truth about {@link #ABANDONED}: a holder died, and nobody has taken the lock since. */
    static final Field UNTOLD = new Field(14, 1);

    // the owner's long
    /** A message or a death was handled, and what follows from it not yet. */
    static final Field UNSETTLED = new Field(0, 1);
    /** Client + 1 that was woken and has not answered, or 0. */
    static final Field WOKEN = new Field(1, 2);

    static final Field WOKEN_TICKET = new Field(3, 3);
    static final Field WOKEN_MISSES = new Field(6, 2);
    static final Field WOKEN_HAND_OFF = new Field(8, 1);
    /** Of the last grant to a remote client: its ticket, and whether it told of a death. */
    static final Field GRANT_TICKET = new Field(9, 3);

    static final Field GRANT_TOLD = new Field(12, 1);
    static final Row QUEUE = new Row(13, 2, 7, 3);
    static final Row AWAITING = new Row(36, 2, 5, 3);

    // a client's long
    static final Field AT = new Field(0, 5);
    static final Field OP = new Field(5, 2);
    static final Field TICKET = new Field(7, 3);
    /** 0, or 1 if woken, or 2 if the lock is kept for it. */
    static final Field HOW = new Field(10, 2);

    static final Field LIFE = new Field(12, 2);
    static final Row OUT = new Row(14, 3, 6, 4);
    static final Row IN = new Row(41, 2, 6, 3);
    /** It takes the lock again after an await: that cannot be given up. */
    static final Field AGAIN = new Field(61, 1);

    static final Field TIME_OVER = new Field(62, 1);
    /** Taken for dead before it was. */
    static final Field TOO_EARLY = new Field(63, 1);

    /** Where a client stands in its script. */
    enum At {
        TRYING,
        ASKING,
        WAITING,
        SAYING_GOT,
        CRITICAL,
        SIGNALLING,
        UNLOCKING,
        SAYING_RELEASED,
        NEXT,
        DONE,
        REGISTERING,
        UNLOCKING_TO_WAIT,
        SAYING_RELEASED_TO_WAIT,
        AWAITING,
        LEAVING_AWAIT;

        boolean holds() {
            return switch (this) {
                case SAYING_GOT, CRITICAL, SIGNALLING, UNLOCKING, REGISTERING, UNLOCKING_TO_WAIT -> true;
                default -> false;
            };
        }
    }

    /** {@code ALIVE -> CUT -> DEAD -> BURIED}, or at once {@code ALIVE -> DEAD}. */
    enum Life {
        ALIVE,
        /** Its stream has ended; it still runs, and reaches the mapped word. */
        CUT,
        /** Reaped. */
        DEAD,
        /** The owner has done with it. */
        BURIED
    }

    /** From a client to the owner. */
    enum Ask {
        WAIT,
        /** A wait whose wake was missed: goes in front. */
        WAIT_IN_FRONT,
        RELEASED,
        GOT,
        LEAVE,
        UNLOCK,
        AWAIT,
        SIGNAL
    }

    /** From the owner to a client. */
    enum Tell {
        WAKE,
        HAND_OFF,
        GRANTED,
        GRANTED_OF_DEAD,
        REGISTERED,
        NOTIFIED,
        LEFT
    }

    private static final At[] ATS = At.values();
    private static final Life[] LIVES = Life.values();
    private static final int FIRST_CLIENT = 2;

    private LockState() {}

    static int longs(int clients) {
        return FIRST_CLIENT + clients;
    }

    static long word(long[] state) {
        return state[0];
    }

    static long owner(long[] state) {
        return state[1];
    }

    static long client(long[] state, int client) {
        return state[FIRST_CLIENT + client];
    }

    static long[] with(long[] state, long word, long owner) {
        long[] next = state.clone();
        next[0] = word;
        next[1] = owner;
        return next;
    }

    static long[] with(long[] state, long word, int client, long now) {
        long[] next = state.clone();
        next[0] = word;
        next[FIRST_CLIENT + client] = now;
        return next;
    }

    static long[] withClient(long[] state, int client, long now) {
        return with(state, state[0], client, now);
    }

    /** A word that nobody holds any more. Whoever released it tells the owner, once, if it was marked. */
    static long released(long word) {
        return WAITED_FOR.in(OWNER.in(word, 0), 0);
    }

    static int clients(long[] state) {
        return state.length - FIRST_CLIENT;
    }

    static At at(long client) {
        return ATS[AT.of(client)];
    }

    static long at(long client, At at) {
        return AT.in(client, at.ordinal());
    }

    static Life life(long client) {
        return LIVES[LIFE.of(client)];
    }

    static boolean hears(long client) {
        return life(client) == Life.ALIVE;
    }

    static int message(Enum<?> kind, int ticket) {
        return kind.ordinal() << 3 | ticket;
    }

    static int kind(int message) {
        return message >> 3;
    }

    static int ticket(int message) {
        return message & 7;
    }

    /** In the queue: who, which wait, and how often it was too late. */
    static int waiter(int client, int ticket, int misses) {
        return client << 5 | ticket << 2 | misses;
    }

    static int clientOf(int waiter) {
        return waiter >> 5;
    }

    static int ticketOf(int waiter) {
        return waiter >> 2 & 7;
    }

    static int missesOf(int waiter) {
        return waiter & 3;
    }
}
