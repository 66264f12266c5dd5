// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.shared.PlayedPeers.Told;
import io.multijvm.wire.mapped.LockCell;
import io.multijvm.wire.mapped.LockWord;
import io.multijvm.wire.objects.WaitEnding;
import io.multijvm.worker.shared.LockWait;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/**
 * One client's thread, played step by step: {@code IDLE -> (WAITING ->) HOLDING -> IDLE}, or, to await, {@code HOLDING ->
 * REGISTERING -> AWAITING -> (LEAVING ->) WAITING}. What it says waits in {@link #says} until the test delivers it.
 */
final class PlayedClient {
    enum State {
        IDLE,
        WOKEN,
        WAITING,
        HOLDING,
        REGISTERING,
        AWAITING,
        LEAVING,
        DEAD
    }

    /** What the lock guards, and what all clients check together. */
    static final class Guarded {
        int holder;
        int items;
        long lastToken;
        /** A holder died, and nobody was told yet. */
        boolean untold;

        int taken;
        int handedOver;
        int tellings;
    }

    final int number;
    final Deque<Runnable> says = new ArrayDeque<>();
    State state = State.IDLE;

    private final boolean remote;
    private final boolean consumer;
    private final LockAtOwner lock;
    private final LockCell cell;
    private final PlayedPeers peers;
    private final Guarded guarded;

    private long ticket;
    private boolean handedOver;
    private boolean timeOver;
    private boolean relocks;

    PlayedClient(int number, boolean consumer, LockAtOwner lock, LockCell cell, PlayedPeers peers, Guarded guarded) {
        this.number = number;
        this.remote = peers.isRemote(number);
        this.consumer = consumer;
        this.lock = lock;
        this.cell = cell;
        this.peers = peers;
        this.guarded = guarded;
    }

    /** Does one thing that it can do; false if there was none. */
    boolean act(Random random, boolean begins, boolean leaves) {
        switch (state) {
            case IDLE -> {
                if (!begins) {
                    return hear();
                }
                ticket++;
                timeOver = false;
                relocks = false;
                tryToTake(false);
            }
            case WOKEN -> {
                if (leaves && !relocks && random.nextInt(8) == 0) {
                    leave(State.IDLE);
                } else {
                    tryToTake(true);
                }
            }
            case WAITING -> {
                if (leaves && !relocks && random.nextInt(12) == 0) {
                    leave(State.IDLE);
                } else {
                    return hear();
                }
            }
            case HOLDING -> work(random);
            case AWAITING -> {
                if (leaves && random.nextInt(12) == 0) {
                    leave(State.LEAVING);
                } else {
                    return hear();
                }
            }
            case REGISTERING, LEAVING -> {
                return hear();
            }
            case DEAD -> {
                return false;
            }
        }
        return true;
    }

    /** As a process dies: what it has said last may never have left it. */
    void die(Random random) {
        for (int lost = random.nextInt(says.size() + 1); lost > 0; lost--) {
            says.removeLast();
        }
        if (state == State.HOLDING || state == State.REGISTERING) {
            guarded.holder = 0;
            guarded.untold = true;
        }
        state = State.DEAD;
        peers.dead.add(number);
        says.addLast(() -> lock.died(number));
    }

    private void tryToTake(boolean wasWoken) {
        long word = cell.word();
        if (!remote && LockWord.isFree(word) && (handedOver || !LockWord.handsOff(word))) {
            check(cell.change(word, LockWord.taken(word, number)), "nothing changes the word between two steps");
            if (wasWoken) {
                long mine = ticket;
                says.addLast(() -> lock.got(number, mine));
            }
            holds(LockWord.epoch(word) + 1, LockWord.isAbandoned(word));
        } else {
            check(!handedOver, "client " + number + " missed a lock that was handed to it");
            LockWait wait = new LockWait(ticket, wasWoken, WaitEnding.TIME, 1, Set.of());
            says.addLast(() -> lock.waitFor(number, wait));
            state = State.WAITING;
        }
    }

    private void holds(long token, boolean toldOfDeath) {
        check(guarded.holder == 0, "clients " + guarded.holder + " and " + number + " hold the lock");
        check(token > guarded.lastToken, "token " + token + " after " + guarded.lastToken);
        check(toldOfDeath || !guarded.untold, "nobody was told that a holder died");
        guarded.holder = number;
        guarded.lastToken = token;
        guarded.untold = false;
        guarded.taken++;
        guarded.tellings += toldOfDeath ? 1 : 0;
        guarded.handedOver += handedOver ? 1 : 0;
        handedOver = false;
        state = State.HOLDING;
    }

    private void work(Random random) {
        if (random.nextInt(3) == 0) {
            return; // takes its time
        }
        if (!consumer) {
            guarded.items++;
            boolean all = random.nextInt(4) == 0;
            says.addLast(() -> lock.signal(9, all));
            unlock(State.IDLE);
        } else if (guarded.items > 0) {
            guarded.items--;
            unlock(State.IDLE);
        } else if (timeOver) {
            unlock(State.IDLE);
        } else {
            long mine = ++ticket;
            says.addLast(() -> lock.await(number, 9, mine));
            state = State.REGISTERING;
        }
    }

    private void unlock(State next) {
        check(guarded.holder == number, "client " + number + " unlocks what " + guarded.holder + " holds");
        guarded.holder = 0;
        long word = cell.word();
        if (remote) {
            says.addLast(() -> lock.unlock(number, LockWord.epoch(word)));
        } else {
            check(cell.change(word, LockWord.released(word)), "nothing changes the word between two steps");
            if (LockWord.isWaitedFor(word)) {
                says.addLast(lock::released);
            }
        }
        state = next;
    }

    private void leave(State next) {
        long mine = ticket;
        says.addLast(() -> lock.leave(number, mine));
        handedOver = false;
        state = next;
    }

    private boolean hear() {
        if (peers.to(number).isEmpty()) {
            return false;
        }
        Told told = Objects.requireNonNull(peers.to(number).pollFirst());
        if (told.ticket() != ticket) {
            return true; // of a wait that it has left
        }
        switch (state.name() + " " + told.what()) {
            case "WAITING woken" -> {
                handedOver = told.flag();
                state = State.WOKEN;
            }
            case "WAITING granted" -> holds(told.token(), told.flag());
            case "REGISTERING registered" -> unlock(State.AWAITING);
            case "AWAITING notified", "LEAVING notified" -> relock();
            case "LEAVING left" -> {
                timeOver = true;
                relock();
            }
            default -> check(state == State.IDLE || state == State.LEAVING, "heard " + told + " in " + state);
        }
        return true;
    }

    private void relock() {
        ticket++;
        relocks = true;
        tryToTake(false);
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
