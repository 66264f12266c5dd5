// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One thread that waits for what the owner answers. Answers come in the link's thread, which is not held up. */
final class Waiting implements AutoCloseable {
    /** What the owner says. */
    enum Kind {
        WOKEN,
        /** Woken, and nobody else can take the lock. */
        HANDED_OVER,
        GRANTED,
        REFUSED,
        REGISTERED,
        NOTIFIED,
        LEFT,
        DESCRIBED,
        DEADLOCK,
        CLOSED,
        OWNER_GONE;

        /** Nothing comes after it. */
        boolean isLast() {
            return this == DEADLOCK || this == CLOSED || this == OWNER_GONE;
        }
    }

    /**
     * An answer.
     *
     * @param token of a grant
     * @param flag of a grant: whether the holder before it died; of a description: whether anybody holds it
     */
    record Answer(Kind kind, long token, boolean flag, String text) {
        Answer(Kind kind, String text) {
            this(kind, 0, false, text);
        }
    }

    private final LockClient client;
    private final long lock;
    private final long ticket;
    private final Thread thread = Thread.currentThread();
    private final AtomicReference<@Nullable Answer> answer = new AtomicReference<>();

    Waiting(LockClient client, long lock, long ticket) {
        this.client = client;
        this.lock = lock;
        this.ticket = ticket;
    }

    /** Of which something is said. */
    long lock() {
        return lock;
    }

    long ticket() {
        return ticket;
    }

    /** By any thread. */
    void tell(Answer told) {
        answer.updateAndGet(before -> before != null && before.kind().isLast() ? before : told);
        LockSupport.unpark(thread);
    }

    /** What was answered is done with, unless it was the last. */
    void next() {
        answer.updateAndGet(before -> before != null && before.kind().isLast() ? before : null);
    }

    /** The answer, if it is there. */
    @Nullable
    Answer now() {
        return answer.get();
    }

    /** The next answer; null if patience ended before it. An interrupt that was not waited for is kept. */
    @Nullable
    Answer await(Patience patience) {
        return await(patience, null);
    }

    /** As above, with an answer that is not the one waited for. */
    @Nullable
    Answer await(Patience patience, @Nullable Kind past) {
        boolean interrupted = false;
        try {
            while (true) {
                Answer told = answer.get();
                if (told != null && told.kind() != past) {
                    return told;
                }
                if (patience.interruptible() && thread.isInterrupted()) {
                    return null;
                }
                interrupted |= !patience.interruptible() && Thread.interrupted();
                long left = patience.left();
                if (left <= 0) {
                    return null;
                }
                if (patience.timed()) {
                    LockSupport.parkNanos(this, left);
                } else {
                    LockSupport.park(this);
                }
            }
        } finally {
            if (interrupted) {
                thread.interrupt();
            }
        }
    }

    /** Later answers find nobody. */
    @Override
    public void close() {
        client.forget(this);
    }
}
