// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.CollectionSaid;
import io.multijvm.wire.objects.Frame;
import java.util.Set;
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
    private final Set<Call> waiting = ConcurrentHashMap.newKeySet();
    private final Semaphore credit = new Semaphore(MOST_UNITS, true);
    private volatile @Nullable String ended;

    DirectLane(DirectCalls owner) {
        this.owner = owner;
    }

    @Override
    public void send(Call call) {
        if (!doneNow(call)) {
            credit.acquireUninterruptibly(units(call));
            later(call);
        }
    }

    @Override
    public void sendInterruptibly(Call call) throws InterruptedException {
        boolean function = call.what() == CollectionCall.MERGE || call.what() == CollectionCall.COMPUTE;
        if (function || !doneNow(call)) {
            if (!credit.tryAcquire(units(call))) { // an interrupt ends only what has to wait
                credit.acquire(units(call));
            }
            later(call);
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

    private void later(Call call) {
        try {
            check();
            waiting.add(call);
            owner.later(call.frame(), answer -> {
                if (waiting.remove(call)) {
                    credit.release(units(call));
                    call.answered(answer);
                }
            });
        } catch (RuntimeException | Error e) {
            waiting.remove(call);
            credit.release(units(call));
            throw e;
        }
        String why = ended;
        if (why != null) {
            cut(call, why); // it may have come just after the others were told
        }
    }

    private void check() {
        String why = ended;
        if (why != null) {
            throw new IllegalStateException(why);
        }
    }

    private void cut(Call call, String why) {
        if (waiting.remove(call)) {
            credit.release(units(call));
            call.cut(why);
        }
    }

    @Override
    public void ended(String why) {
        if (ended == null) {
            ended = why;
        }
        waiting.forEach(call -> cut(call, why));
    }
}
