// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.nested;

import io.multijvm.failure.FailureKind;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.dispatch.CallState;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.worker.nested.Frame;
import io.multijvm.worker.nested.NestedLine;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Items of one call of a task that nobody else is free for, so that they are run here: by threads that wait for the call, or
 * by one beside the item's own thread if that waits elsewhere. What no thread waits for goes back. The queue is taken from
 * by any thread; what the coordinator was told is owned by the line's thread.
 */
final class GrantedItems {
    private final Frame frame;
    private final NestedLine line;
    private final CallState.Asked asked;
    private final long number;
    private final WorkerDesk desk;
    private final CallCode code;
    private final Listener listener;

    // any thread
    private final Deque<Granted> granted = new ConcurrentLinkedDeque<>();
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    private final Set<GrantedRun> running = ConcurrentHashMap.newKeySet();
    /** The item's thread waits somewhere else. Written by the line's thread. */
    private volatile boolean aside;

    // the line's thread
    private boolean toldWaiting;
    private boolean helperRuns;

    /**
     * An item that is to be run here.
     *
     * @param attempt which this will be
     * @param callId the coordinator's
     */
    record Granted(ItemBlock block, long index, int attempt, long callId) {}

    /** The call. */
    interface Listener {
        /** Whether nothing that is run counts any more. From any thread. */
        boolean isOver();

        /**
         * What became of an item. The line's thread.
         *
         * @param why it failed, if it did
         */
        void ran(Granted item, RawOutcome outcome, long nanos, @Nullable FailureKind why);
    }

    /** @param number what the call is told by on the line */
    GrantedItems(Frame frame, CallState.Asked asked, long number, WorkerDesk desk, Listener listener) {
        this.frame = frame;
        this.line = frame.host().line();
        this.asked = asked;
        this.number = number;
        this.desk = desk;
        this.code = new CallCode(asked.function(), frame.host().codec());
        this.listener = listener;
    }

    // ---- threads that wait

    /** Runs an item if one was given to this worker; else this thread counts as waiting. */
    boolean help() {
        Granted next = granted.pollFirst();
        if (next != null) {
            run(next);
            return true;
        }
        if (!listener.isOver() && waiting.add(Thread.currentThread())) {
            tellWhoWaits();
        }
        return false;
    }

    void waited() {
        if (waiting.remove(Thread.currentThread())) {
            tellWhoWaits();
        }
    }

    boolean hasWaiting(Thread thread) {
        return waiting.contains(thread);
    }

    /** Told once for many that come and go between two words. */
    private void tellWhoWaits() {
        line.execute(this::whoWaits);
    }

    private void run(Granted item) {
        if (listener.isOver() || asked.sink().unwanted(item.block())) {
            line.execute(() -> listener.ran(item, RawOutcome.dropped(item.index()), 0, null));
            return;
        }
        GrantedRun run = new GrantedRun(frame, code, asked, item.block(), item.index(), item.attempt(), item.callId());
        running.add(run);
        long begin = System.nanoTime();
        try {
            RawOutcome outcome = run.run();
            long nanos = System.nanoTime() - begin;
            // read here, for the line's thread must not
            FailureKind why = outcome.isFailure() ? outcome.kind() : null;
            line.execute(() -> listener.ran(item, outcome, nanos, why));
        } finally {
            running.remove(run);
        }
    }

    // ---- any thread

    boolean anyRuns() {
        return !running.isEmpty();
    }

    boolean runs(long index) {
        return running.stream().anyMatch(run -> run.itemIndex() == index);
    }

    void stop(long index) {
        running.stream().filter(run -> run.itemIndex() == index).forEach(GrantedRun::stop);
    }

    void stopAll() {
        running.forEach(GrantedRun::stop);
    }

    // ---- the line's thread

    private void whoWaits() {
        boolean waits = aside || !waiting.isEmpty();
        if (!waits) {
            giveBack();
        }
        if (!listener.isOver() && waits != toldWaiting) {
            toldWaiting = waits;
            line.send(NestedWords.waiting(number, waits).toByteArray());
        }
    }

    /** Whether the item's thread waits elsewhere, so that somebody beside it has to run what is granted. */
    void aside(boolean waits) {
        if (aside != waits) {
            aside = waits;
            whoWaits();
        }
    }

    void add(Granted item) {
        granted.addLast(item);
    }

    /** Items were added: whoever waits runs them; where nobody does any more, they go back. */
    void added() {
        if (!waiting.isEmpty()) {
            asked.sink().poke();
        } else if (aside) {
            runAside();
        } else {
            giveBack();
        }
    }

    private void runAside() {
        if (!helperRuns) {
            helperRuns = true;
            desk.inSupport(() -> {
                try {
                    for (Granted next = granted.pollFirst(); next != null; next = granted.pollFirst()) {
                        run(next);
                    }
                } catch (OutOfMemoryError e) {
                    line.retire(e);
                } finally {
                    line.execute(() -> {
                        helperRuns = false;
                        if (aside && !granted.isEmpty()) {
                            runAside();
                        }
                    });
                }
            });
        }
    }

    /** What no thread has taken yet is the coordinator's again. */
    void giveBack() {
        List<Long> back = new ArrayList<>();
        for (Granted next = granted.pollLast(); next != null; next = granted.pollLast()) {
            back.add(next.index());
        }
        if (!back.isEmpty() && !listener.isOver()) {
            // without a gap: they are taken from the front only
            line.send(NestedWords.givenBack(number, back.get(back.size() - 1), back.get(0) + 1)
                    .toByteArray());
        }
    }

    /** Nothing more of it is run; what runs is not stopped by that. */
    void clear() {
        granted.clear();
    }
}
