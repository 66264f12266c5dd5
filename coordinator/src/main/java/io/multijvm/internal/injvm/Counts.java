// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.PoolListener;
import io.multijvm.PoolStats;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.ItemCancelledException;
import io.multijvm.internal.call.News;
import io.multijvm.task.Outcome;
import java.util.function.Consumer;

/** What a pool without processes does and has done, counted under one lock, and told to who listens. Thread-safe. */
final class Counts {
    private final News news;
    private final Pace pace;

    // guarded by this
    private long waiting;
    private long running;
    private long done;
    private long failed;
    private long retried;

    Counts(News news, Pace pace) {
        this.news = news;
        this.pace = pace;
    }

    /** How often listeners are told of an item's own word. */
    interface Pace {
        /** Has {@code tell} run with this or a newer word of the same worker, now or later, or not at all. */
        void said(Words words, Consumer<Words> tell);
    }

    /** A task says how far its item is. From any thread. */
    void said(Words words) {
        if (news.heard() && words.hold()) {
            pace.said(words, this::tell);
        }
    }

    private void tell(Words words) {
        if (words.hold()) {
            PoolListener.ItemProgress progress = words.told();
            news.tellNewest(progress.worker(), listener -> listener.itemProgressed(progress));
        }
    }

    News news() {
        return news;
    }

    synchronized void waits() {
        waiting++;
    }

    synchronized void begins() {
        waiting--;
        running++;
    }

    /** It was cancelled while it waited. */
    synchronized void dropped() {
        waiting--;
    }

    /** It waited too long. */
    void neverBegun(Outcome<?, ?> failure) {
        synchronized (this) {
            waiting--;
            running++;
        }
        ended(failure);
    }

    void ended(Outcome<?, ?> outcome) {
        synchronized (this) {
            running--;
            if (outcome instanceof Outcome.Success) {
                done++;
            } else if (!cancelled(outcome)) {
                failed++;
            }
        }
        if (outcome instanceof Outcome.Failure<?, ?> failure && !cancelled(outcome)) {
            news.tell(listener ->
                    listener.itemFailed(new PoolListener.Failure(failure.index(), failure.attempts(), failure.kind())));
        }
    }

    /** An item's attempt failed so, and it is begun again. */
    void retried(long index, int attempts, FailureKind kind) {
        synchronized (this) {
            retried++;
        }
        news.tell(listener -> listener.itemRetried(new PoolListener.Failure(index, attempts, kind)));
    }

    private static boolean cancelled(Outcome<?, ?> outcome) {
        return outcome instanceof Outcome.Failure<?, ?> failure && failure.error() instanceof ItemCancelledException;
    }

    synchronized PoolStats stats(int workers) {
        int busy = (int) running;
        return new PoolStats(
                workers,
                0,
                Math.max(0, workers - busy),
                busy,
                0,
                0,
                waiting,
                running,
                done,
                failed,
                retried,
                0,
                0,
                0,
                0);
    }
}
