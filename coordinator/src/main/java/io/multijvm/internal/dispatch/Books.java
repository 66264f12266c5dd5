// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.PoolListener;
import io.multijvm.PoolStats;
import io.multijvm.failure.FailureKind;
import io.multijvm.internal.call.News;
import io.multijvm.internal.result.RawOutcome;

/** What a pool has done so far: counted, and told to who listens. Owned by the event loop, but for the news. */
final class Books {
    private final News news;
    private long done;
    private long failed;
    private long retried;
    private long moved;
    private long started;
    private long died;

    Books(News news) {
        this.news = news;
    }

    /** For a call that no dispatcher has heard of yet. */
    static Books nobodys() {
        return new Books(new News(Runnable::run));
    }

    News news() {
        return news;
    }

    void ended(RawOutcome outcome) {
        if (outcome.isValue()) {
            done++;
            return;
        }
        failed++;
        if (news.heard()) {
            // the kind is read from the worker's bytes, aside from the loop
            news.tell(listener ->
                    listener.itemFailed(new PoolListener.Failure(outcome.index(), outcome.attempts(), outcome.kind())));
        }
    }

    /** An item failed so, of which no bytes came here. */
    void failed(long index, int attempts, FailureKind kind) {
        failed++;
        news.tell(listener -> listener.itemFailed(new PoolListener.Failure(index, attempts, kind)));
    }

    /** So many items have results. */
    void ended(int results) {
        done += results;
    }

    void retried(long index, int attempts, FailureKind kind) {
        retried++;
        news.tell(listener -> listener.itemRetried(new PoolListener.Failure(index, attempts, kind)));
    }

    /** An item says how far it is; of one worker only the newest word is kept for who is slow to listen. */
    void progressed(Slot slot, long index, double fraction, String text) {
        if (news.heard()) {
            PoolListener.ItemProgress progress = new PoolListener.ItemProgress(worker(slot), index, fraction, text);
            news.tellNewest(slot, listener -> listener.itemProgressed(progress));
        }
    }

    void moved(int items) {
        moved += items;
    }

    void started(Slot slot) {
        started++;
        PoolListener.Worker worker = worker(slot);
        news.tell(listener -> listener.workerStarted(worker));
    }

    void ready(Slot slot) {
        PoolListener.Worker worker = worker(slot);
        news.tell(listener -> listener.workerReady(worker));
    }

    void died() {
        died++;
    }

    static PoolListener.Worker worker(Slot slot) {
        return new PoolListener.Worker(slot.number, slot.inPlace, slot.pid);
    }

    PoolStats stats(Crew crew, long outstanding) {
        int starting = 0;
        int idle = 0;
        int busy = 0;
        int leaving = 0;
        int standbys = 0;
        int running = 0;
        for (Slot slot : crew.slots) {
            running += slot.assigned.isEmpty() ? 0 : 1;
            switch (slot.state()) {
                case STARTING, INITIALISING -> starting++;
                case STANDBY -> standbys++;
                case READY -> {
                    idle += slot.idle() ? 1 : 0;
                    busy += slot.idle() ? 0 : 1;
                }
                case RETIRING, LEAVING -> leaving++;
                case EMPTY -> {}
            }
        }
        return new PoolStats(
                crew.size(),
                starting,
                idle,
                busy,
                leaving,
                standbys,
                outstanding - running,
                running,
                done,
                failed,
                retried,
                moved,
                started,
                crew.recycled(),
                died);
    }
}
