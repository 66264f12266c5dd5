// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.CollectionSaid;
import io.multijvm.wire.objects.Frame;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * In the owner's own JVM. What need not wait for others is done in the thread that calls, but for functions that nobody waits for.
 */
final class DirectLane implements CallLane {
    /** What one call takes of the credit for each so many bytes, and at least. */
    private static final int UNIT_BYTES = 256;

    /** As much as is under way where messages are needed. */
    private static final int MOST_UNITS = CollectionSaid.WINDOW_BYTES / UNIT_BYTES;

    private final DirectCalls owner;
    private final Map<Call, Wait> waiting = new ConcurrentHashMap<>();

    private final Semaphore credit = new Semaphore(MOST_UNITS, true);
    private volatile @Nullable String ended;

    /** A call without an answer. */
    private static final class Wait {
        final int units;
        /** What the owner is told if there will be none. */
        volatile Runnable givenUp = () -> {};

        /** @param units what it has of the credit */
        Wait(int units) {
            this.units = units;
        }
    }

    DirectLane(DirectCalls owner) {
        this.owner = owner;
    }

    @Override
    public void send(Call call) {
        if (!doneNow(call)) {
            later(call, 0, true); // its thread waits for the answer, and so has no other under way
        }
    }

    @Override
    public void sendInterruptibly(Call call) throws InterruptedException {
        boolean function = call.what() == CollectionCall.MERGE || call.what() == CollectionCall.COMPUTE;
        if (function || !doneNow(call)) {
            int units = units(call);
            if (!credit.tryAcquire(units)) { // an interrupt ends only what has to wait
                credit.acquire(units);
            }
            later(call, units, false);
        }
    }

    private static int units(Call call) {
        return (int) Math.min(MOST_UNITS, 1 + call.frame().bytes() / UNIT_BYTES);
    }

    private boolean doneNow(Call call) {
        check();
        Frame answer = owner.now(call.frame());
        if (answer == null) {
            return false;
        }
        call.answeredHere(answer);
        return true;
    }

    private void later(Call call, int units, boolean waited) {
        Wait wait = new Wait(units);
        try {
            check();
            waiting.put(call, wait);
            wait.givenUp = owner.later(call.frame(), waited, answer -> {
                if (isOver(call)) {
                    call.answered(answer);
                }
            });
        } catch (RuntimeException | Error e) {
            if (!isOver(call)) {
                credit.release(units); // it never waited
            }
            throw e;
        }
        if (!waiting.containsKey(call)) {
            wait.givenUp.run(); // it may have been cut before that was known
        }
        String why = ended;
        if (why != null) {
            cut(call, why); // it may have come just after the others were told
        }
    }

    private boolean isOver(Call call) {
        Wait wait = waiting.remove(call);
        if (wait == null) {
            return false;
        }
        credit.release(wait.units);
        return true;
    }

    private void check() {
        String why = ended;
        if (why != null) {
            throw new IllegalStateException(why);
        }
    }

    private void cut(Call call, String why) {
        Wait wait = waiting.get(call);
        if (wait != null && isOver(call)) {
            wait.givenUp.run(); // before who waits goes on, and waits for something else
            call.cut(why);
        }
    }

    @Override
    public void ended(String why) {
        if (ended == null) {
            ended = why;
        }
        waiting.keySet().forEach(call -> cut(call, why));
    }
}
