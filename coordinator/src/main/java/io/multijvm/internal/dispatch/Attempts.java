// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.FailureKind;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.chunk.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Attempts of one call's items that had no result, and the items that rest before their next one. Owned by the event loop.
 */
final class Attempts {
    private final CallSettings settings;
    private final long callId;
    /** Of the few items that had any. */
    private final TreeMap<Long, InVain> vain = new TreeMap<>();
    /** How items died that may be begun again: what their next death is compared with. */
    private final Map<Long, List<WorkerProcess.Death>> deaths = new HashMap<>();
    /** Their worker is dead, and why is still being found out. */
    private final TreeMap<Long, Slice> inQuestion = new TreeMap<>();
    /** Failed since the last look at the clock. */
    private final List<Slice> tired = new ArrayList<>();

    private final Queue<Resting> resting = new PriorityQueue<>(Comparator.comparingLong(Resting::until));

    /**
     * What an item has cost without giving a result.
     *
     * @param attempts how often it was begun
     * @param killed how many workers died of it
     */
    private record InVain(int attempts, int killed) {
        static final InVain NOTHING = new InVain(0, 0);

        InVain plus(InVain more) {
            return new InVain(attempts + more.attempts, killed + more.killed);
        }
    }

    /** One item, and when by the loop's clock it may be given out. */
    private record Resting(Slice item, long until) {}

    Attempts(CallSettings settings, long callId) {
        this.settings = settings;
        this.callId = callId;
    }

    /**
     * Counts an attempt that had no result.
     *
     * @param killedItsWorker whether that died of it; not where it was ended, for this item's sake or another's
     * @return how often the item has been begun
     */
    int begunInVain(long index, boolean killedItsWorker) {
        return vain.merge(index, new InVain(1, killedItsWorker ? 1 : 0), InVain::plus).attempts;
    }

    /** Why it died is being found out, which takes a moment. */
    void question(Slice item) {
        inQuestion.put(item.firstIndex(), item);
    }

    void forEachInQuestion(Consumer<Slice> action) {
        inQuestion.values().forEach(action);
    }

    /** It is known by now how the item died; the same with what that says beside its earlier deaths. */
    WorkerProcess.Death judged(long index, WorkerProcess.Death death) {
        List<WorkerProcess.Death> all = deaths.computeIfAbsent(index, first -> new ArrayList<>());
        WorkerProcess.Death judged = death.judged(DeathMark.verdict(all, death));
        all.add(judged);
        return judged;
    }

    /** All that is known of how the item died, first to last. */
    List<WorkerProcess.Death> deathsOf(long index) {
        return List.copyOf(deaths.getOrDefault(index, List.of()));
    }

    /** How many workers the item has killed. */
    int killedBy(long index) {
        return vain.getOrDefault(index, InVain.NOTHING).killed;
    }

    /** Whether the item has killed as many workers as one may, so that nothing has it begun again. */
    boolean quarantined(long index) {
        return killedBy(index) >= settings.crashLimit();
    }

    /** The item has its outcome. */
    void over(long index) {
        deaths.remove(index);
        inQuestion.remove(index);
    }

    /** How often an item has been begun, if it is now in its last attempt. */
    int of(long index) {
        return vain.isEmpty() ? 1 : inVain(index) + 1;
    }

    /** The first item from this one on that has been begun without a result; else {@code Long.MAX_VALUE}. */
    long nextInVain(long index) {
        Long next = vain.isEmpty() ? null : vain.ceilingKey(index);
        return next == null ? Long.MAX_VALUE : next;
    }

    /** Whether any item has been begun without a result. */
    boolean any() {
        return !vain.isEmpty();
    }

    /** How often an item has been begun, if it is not at a worker now. */
    int inVain(long index) {
        return vain.getOrDefault(index, InVain.NOTHING).attempts;
    }

    /** Tells of each of these items that was begun before: its position among them, and its attempt now. */
    void begunBefore(List<Slice> items, BiConsumer<Integer, Integer> attempt) {
        if (vain.isEmpty()) {
            return;
        }
        int position = 0;
        for (Slice slice : items) {
            for (long index = slice.firstIndex(); index < slice.endIndex(); index++, position++) {
                if (inVain(index) > 0) {
                    attempt.accept(position, of(index));
                }
            }
        }
    }

    /** Whether an item whose last attempt failed so is to have another. */
    boolean another(long index, FailureKind kind) {
        InVain so = vain.getOrDefault(index, InVain.NOTHING);
        return settings.retries(kind, so.attempts) && so.killed < settings.crashLimit();
    }

    /** Whether items rest between two attempts. */
    boolean rests() {
        return !settings.backoff().first().isZero();
    }

    /** It waits to be begun again. */
    void again(long index) {
        inQuestion.remove(index);
    }

    /** This one item rests from the next look at the clock on. */
    void rest(Slice item) {
        tired.add(item);
    }

    /**
     * Looks at the clock.
     *
     * @param rested gets the items that have rested enough
     * @return when the next one will have; {@code Long.MAX_VALUE} if none rests
     */
    long wake(long now, Consumer<Slice> rested) {
        for (Slice item : tired) {
            long index = item.firstIndex();
            long nanos =
                    settings.backoff().after(inVain(index), callId * 31 + index).toNanos();
            resting.add(new Resting(item, now + nanos));
        }
        tired.clear();
        while (!resting.isEmpty() && resting.element().until() - now <= 0) {
            rested.accept(resting.remove().item());
        }
        return resting.isEmpty() ? Long.MAX_VALUE : resting.element().until();
    }

    int resting() {
        return tired.size() + resting.size();
    }

    void forEachResting(Consumer<Slice> action) {
        tired.forEach(action);
        resting.forEach(item -> action.accept(item.item()));
    }

    void forgetResting() {
        tired.clear();
        resting.clear();
    }
}
