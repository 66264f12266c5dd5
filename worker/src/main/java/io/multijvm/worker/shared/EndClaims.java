// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.PipeHeard;
import io.multijvm.wire.pipe.ArrivingMessage;
import io.multijvm.wire.pipe.PipePart;
import io.multijvm.worker.pipe.PipeEndBase;
import io.multijvm.worker.pipe.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** How a {@link ManagedEnd} is had from its owner, one thread at a time, and what the process before has left of a message. */
final class EndClaims {
    private final ManagedEnd end;
    private final ArrivingMessage inbox;
    private final PipeClient pipe;
    private final boolean right;
    /** Held by who claims it. */
    private final ReentrantLock claiming = new ReentrantLock();

    /** @param inbox to be locked while it is used */
    EndClaims(ManagedEnd end, ArrivingMessage inbox, PipeClient pipe, boolean right) {
        this.end = end;
        this.inbox = inbox;
        this.pipe = pipe;
        this.right = right;
    }

    /**
     * Waits until the end is here, no longer than this but for a moment until the owner has answered.
     *
     * @param nanos {@code Long.MAX_VALUE} for no limit, and 0 only asks
     * @return false if it did not come, within that time or because nobody waits for it any more
     * @throws IllegalStateException if it cannot be had
     */
    boolean granted(long nanos) throws InterruptedException {
        long begin = System.nanoTime();
        if (!claiming.tryLock(nanos, TimeUnit.NANOSECONDS)) {
            end.failIfShutForGood(); // of which the thread that claims it may not have heard yet
            return false;
        }
        try {
            if (end.isOpen()) {
                return true;
            }
            end.failIfShutForGood();
            if (!hasLeft(PipeEndBase.left(nanos, begin))) {
                return false;
            }
            PipeHeard answer = claim(PipeEndBase.left(nanos, begin));
            if (answer instanceof PipeHeard.Shut shut) {
                throw new IllegalStateException(end + " cannot be used: " + shut.why());
            }
            if (answer instanceof PipeHeard.Yours yours && end.isGranted()) {
                take(yours);
            }
            return answer != null;
        } finally {
            claiming.unlock();
        }
    }

    private boolean hasLeft(long nanos) throws InterruptedException {
        try {
            return end.left().get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("it is never completed by a failure", e);
        }
    }

    private @Nullable PipeHeard claim(long nanos) throws InterruptedException {
        long ticket = pipe.claimTicket();
        CompletableFuture<Heard> answer = new CompletableFuture<>();
        CompletableFuture<Heard> seen = answer.whenComplete((heard, failure) -> end.answered(heard));
        end.asks(ticket, answer);
        return pipe.await(right, ticket, seen, nanos);
    }

    private void take(PipeHeard.Yours yours) {
        List<PipePart> kept = new ArrayList<>();
        try {
            Way way = pipe.way(yours);
            for (int i = 0; i < yours.kept(); i++) {
                kept.add(pipe.kept(right, i));
            }
            synchronized (inbox) {
                inbox.clear();
                kept.forEach(inbox::add);
            }
            end.taken(way);
        } catch (RuntimeException | Error e) { // others may have more room for it
            synchronized (inbox) {
                inbox.clear();
            }
            // the owner forgets them with the last; until then it has them all
            end.giveBack(kept.size() == yours.kept() ? kept : List.of());
            throw e;
        }
    }
}
