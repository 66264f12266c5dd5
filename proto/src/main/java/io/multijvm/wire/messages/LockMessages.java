// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.messages;

import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.LockHeard;
import io.multijvm.wire.objects.LockSaid;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.objects.WaitEnding;
import io.multijvm.wire.v1.Nothing;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is said of locks, as messages, and back. */
final class LockMessages {
    private static final Nothing NOTHING = Nothing.getDefaultInstance();

    private LockMessages() {}

    static io.multijvm.wire.v1.LockSaid message(LockSaid said) {
        io.multijvm.wire.v1.LockSaid.Builder message = io.multijvm.wire.v1.LockSaid.newBuilder();
        if (said instanceof LockSaid.Wait wait) {
            message.setWait(wait(wait.inFront(), wait.ending(), wait.thread(), wait.holds()));
        } else if (said instanceof LockSaid.Blocked wait) {
            message.setBlocked(wait(false, wait.ending(), wait.thread(), wait.holds()));
        } else if (said instanceof LockSaid.TryFor wanted) {
            message.setTryFor(wanted.thread());
        } else if (said instanceof LockSaid.Released) {
            message.setReleased(NOTHING);
        } else if (said instanceof LockSaid.Got) {
            message.setGot(NOTHING);
        } else if (said instanceof LockSaid.Unlock unlock) {
            message.setUnlock(unlock.token());
        } else if (said instanceof LockSaid.Leave) {
            message.setLeave(NOTHING);
        } else if (said instanceof LockSaid.Await await) {
            message.setAwait(await.condition());
        } else if (said instanceof LockSaid.Signal signal) {
            message.setSignal(io.multijvm.wire.v1.Signal.newBuilder()
                    .setCondition(signal.condition())
                    .setAll(signal.all()));
        } else {
            message.setDescribe(NOTHING);
        }
        return message.build();
    }

    private static io.multijvm.wire.v1.LockWait wait(
            boolean inFront, WaitEnding ending, long thread, Collection<Long> holds) {
        return io.multijvm.wire.v1.LockWait.newBuilder()
                .setInFront(inFront)
                .setEnding(message(ending))
                .setThread(thread)
                .addAllHolds(holds)
                .build();
    }

    private static io.multijvm.wire.v1.WaitEnding message(WaitEnding ending) {
        return switch (ending) {
            case DEADLOCK -> io.multijvm.wire.v1.WaitEnding.WAIT_ENDING_DEADLOCK;
            case TIME -> io.multijvm.wire.v1.WaitEnding.WAIT_ENDING_TIME;
            case NOTHING -> io.multijvm.wire.v1.WaitEnding.WAIT_ENDING_NOTHING;
        };
    }

    private static @Nullable WaitEnding ending(io.multijvm.wire.v1.WaitEnding message) {
        return switch (message) {
            case WAIT_ENDING_DEADLOCK -> WaitEnding.DEADLOCK;
            case WAIT_ENDING_TIME -> WaitEnding.TIME;
            case WAIT_ENDING_NOTHING -> WaitEnding.NOTHING;
            case WAIT_ENDING_UNSPECIFIED, UNRECOGNIZED -> null;
        };
    }

    static @Nullable Said said(io.multijvm.wire.v1.LockSaid message) {
        return switch (message.getKindCase()) {
            case WAIT -> {
                io.multijvm.wire.v1.LockWait wait = message.getWait();
                WaitEnding ending = ending(wait.getEnding());
                yield ending == null
                        ? null
                        : new LockSaid.Wait(
                                wait.getInFront(), ending, wait.getThread(), Set.copyOf(wait.getHoldsList()));
            }
            case BLOCKED -> {
                io.multijvm.wire.v1.LockWait wait = message.getBlocked();
                WaitEnding ending = ending(wait.getEnding());
                yield ending == null
                        ? null
                        : new LockSaid.Blocked(ending, wait.getThread(), Set.copyOf(wait.getHoldsList()));
            }
            case TRY_FOR -> new LockSaid.TryFor(message.getTryFor());
            case RELEASED -> new LockSaid.Released();
            case GOT -> new LockSaid.Got();
            case UNLOCK -> new LockSaid.Unlock(message.getUnlock());
            case LEAVE -> new LockSaid.Leave();
            case AWAIT -> new LockSaid.Await(message.getAwait());
            case SIGNAL ->
                new LockSaid.Signal(
                        message.getSignal().getCondition(), message.getSignal().getAll());
            case DESCRIBE -> new LockSaid.Describe();
            case KIND_NOT_SET -> null;
        };
    }

    static io.multijvm.wire.v1.LockHeard message(LockHeard heard) {
        io.multijvm.wire.v1.LockHeard.Builder message = io.multijvm.wire.v1.LockHeard.newBuilder();
        if (heard instanceof LockHeard.Woken woken) {
            message.setWoken(woken.handOff());
        } else if (heard instanceof LockHeard.Granted granted) {
            message.setGranted(io.multijvm.wire.v1.Granted.newBuilder()
                    .setToken(granted.token())
                    .setPreviousOwnerDied(granted.previousOwnerDied()));
        } else if (heard instanceof LockHeard.Busy) {
            message.setBusy(NOTHING);
        } else if (heard instanceof LockHeard.Registered) {
            message.setRegistered(NOTHING);
        } else if (heard instanceof LockHeard.Notified) {
            message.setNotified(NOTHING);
        } else if (heard instanceof LockHeard.Left) {
            message.setLeft(NOTHING);
        } else if (heard instanceof LockHeard.Deadlock deadlock) {
            message.setDeadlock(deadlock.message());
        } else if (heard instanceof LockHeard.Described described) {
            message.setDescribed(io.multijvm.wire.v1.LockState.newBuilder()
                    .setHeld(described.held())
                    .setHolder(described.holder()));
        } else {
            message.setEnded(NOTHING);
        }
        return message.build();
    }

    static @Nullable Heard heard(io.multijvm.wire.v1.LockHeard message) {
        return switch (message.getKindCase()) {
            case WOKEN -> new LockHeard.Woken(message.getWoken());
            case GRANTED ->
                new LockHeard.Granted(
                        message.getGranted().getToken(), message.getGranted().getPreviousOwnerDied());
            case BUSY -> new LockHeard.Busy();
            case REGISTERED -> new LockHeard.Registered();
            case NOTIFIED -> new LockHeard.Notified();
            case LEFT -> new LockHeard.Left();
            case DEADLOCK -> new LockHeard.Deadlock(message.getDeadlock());
            case ENDED -> new LockHeard.Ended();
            case DESCRIBED ->
                new LockHeard.Described(
                        message.getDescribed().getHeld(), message.getDescribed().getHolder());
            case KIND_NOT_SET -> null;
        };
    }
}
