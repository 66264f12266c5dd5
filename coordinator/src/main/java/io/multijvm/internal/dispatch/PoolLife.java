// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.PoolStats;
import io.multijvm.failure.PoolBrokenException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How far the pool is on its way from its start to its end, and who waits for that end, or for his own while the pool
 * stays. Owned by the event loop; what any thread may ask says so.
 *
 * <pre>
 * OPEN ---- close ----> CLOSING -- nothing waits or is out --> LEAVING -- all slots empty --> STOPPED
 * OPEN, CLOSING -- terminate, or no worker starts -----------> LEAVING
 * </pre>
 */
final class PoolLife implements NestedDesk.PoolState {
    private enum Phase {
        OPEN,
        CLOSING,
        LEAVING,
        STOPPED
    }

    private final CallsInHand calls;
    private final WorkGiver work;
    private final Crew crew;
    private final Books books;
    private final Executor support;
    private final Runnable again;
    private final CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();
    /** Users who leave while the pool stays. */
    private final List<OwnerEvent.UserLeaves> leaving = new ArrayList<>();

    private Phase phase = Phase.OPEN;
    /** Written by the loop alone. */
    private volatile @Nullable PoolBrokenException broken;
    /** How the pool was when it ended; from then on nobody may be there to ask. Written by the loop alone. */
    private volatile @Nullable PoolStats atTheEnd;

    /**
     * @param support completes what users wait for
     * @param again has one more turn made
     */
    PoolLife(CallsInHand calls, WorkGiver work, Crew crew, Books books, Executor support, Runnable again) {
        this.calls = calls;
        this.work = work;
        this.crew = crew;
        this.books = books;
        this.support = support;
        this.again = again;
    }

    // ---- from any thread

    boolean isBroken() {
        return broken != null;
    }

    /** Completes when all workers are gone. */
    CompletableFuture<@Nullable Void> stopped() {
        return stopped;
    }

    /** The last that can be said of the pool; null before its end. */
    @Nullable
    PoolStats atTheEnd() {
        return atTheEnd;
    }

    // ---- on the loop

    /** Whether calls are taken. */
    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** Whether what was submitted still runs. */
    boolean goesOn() {
        return phase == Phase.OPEN || phase == Phase.CLOSING;
    }

    boolean isStopped() {
        return phase == Phase.STOPPED;
    }

    /** What a call hears that came too late. */
    Throwable whyClosed() {
        return broken != null ? broken : new CancellationException("the pool was closed");
    }

    @Override
    public @Nullable Throwable refusal() {
        // a task that runs is finished also while the pool closes, and so is what it asks for
        return goesOn() ? null : whyClosed();
    }

    @Override
    public void stop(boolean now) {
        if (now && goesOn()) {
            stopEverything(new CancellationException("the pool was terminated"));
        } else if (phase == Phase.OPEN) {
            phase = Phase.CLOSING;
            calls.stopReading();
        } else if (now && phase == Phase.LEAVING) {
            crew.stopAll();
        }
    }

    /** No worker can be had any more. */
    void breakUp(String why, @Nullable Throwable cause) {
        if (goesOn()) {
            PoolBrokenException failure = new PoolBrokenException(why, cause);
            broken = failure;
            books.news().tellDeath(listener -> listener.poolBroken(failure));
            stopEverything(failure);
        }
    }

    private void stopEverything(Throwable why) {
        phase = Phase.LEAVING;
        calls.cancelAll(why);
        crew.stopAll();
    }

    /** One of several users has no new work. */
    void userLeaves(OwnerEvent.UserLeaves user) {
        calls.leave(user.owner(), user.now());
        leaving.add(user);
    }

    /** What follows from what is, at the end of a turn. */
    void advance() {
        letLeave();
        if (phase == Phase.CLOSING && calls.quiet()) {
            phase = Phase.LEAVING;
            // a submit that raced with the close may post its item only now: it must hear that nobody will run it
            calls.cancelAll(new CancellationException("the pool was closed"));
            crew.dismissAll();
        }
        if (phase == Phase.LEAVING && crew.allEmpty() && calls.quiet()) {
            phase = Phase.STOPPED;
            work.close();
            atTheEnd = books.stats(crew, 0);
            // dependents of this future must not run here
            support.execute(() -> stopped.complete(null));
        }
    }

    private void letLeave() {
        if (leaving.isEmpty()) {
            return;
        }
        for (OwnerEvent.UserLeaves user : List.copyOf(leaving)) {
            if (calls.quiet(user.owner())) {
                leaving.remove(user);
                calls.left(user.owner());
                again.run();
                // dependents of this future must not run here
                support.execute(() -> user.left().complete(null));
            }
        }
    }
}
