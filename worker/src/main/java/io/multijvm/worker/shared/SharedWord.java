// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.failure.DeadlockException;
import io.multijvm.wire.objects.WaitEnding;
import io.multijvm.worker.shared.Waiting.Answer;
import java.util.Optional;
import java.util.Set;

/**
 * How this process takes a lock from the others. Only the thread that has the process's own queue behind it calls what takes and
 * releases, so there is one of a process at a time.
 */
abstract class SharedWord {
    final LockClient client;
    final long lock;
    final String name;

    SharedWord(LockClient client, long lock, String name) {
        this.client = client;
        this.lock = lock;
        this.name = name;
    }

    /**
     * What taking it gave.
     *
     * @param token 0 if it was not taken
     */
    record Taken(long token, boolean previousOwnerDied) {
        static final Taken NOT = new Taken(0, false);

        boolean isTaken() {
            return token != 0;
        }
    }

    /** Takes it if it is free. */
    abstract Taken tryTake();

    /** Takes it, or waits until patience is over. */
    abstract Taken take(Patience patience, WaitEnding ending);

    abstract void release(long token);

    /** Whether any process holds it; may ask the owner. */
    abstract boolean isHeld();

    /** Who of another process holds it; may ask the owner. */
    abstract Optional<String> holder();

    /** As {@link #holder}, of what is known here. */
    abstract String holderAsKnown();

    LockWait wait(Waiting waiting, boolean inFront, WaitEnding ending) {
        return new LockWait(
                waiting.ticket(),
                inFront,
                ending,
                Thread.currentThread().getId(),
                ending == WaitEnding.TIME ? Set.of() : client.heldByThisThread());
    }

    /** For an answer that ends all waiting, or one that was never expected. */
    RuntimeException end(Answer answer) {
        return switch (answer.kind()) {
            case DEADLOCK -> new DeadlockException(answer.text());
            case CLOSED -> client.closed(lock, name);
            case OWNER_GONE -> LockClient.ownerGone(name, answer.text());
            default ->
                new IllegalStateException(name + " was answered " + answer.kind() + ", which it did not ask for");
        };
    }
}
