// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.chunk.Slice;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Items that prefer one worker to others. Items of one key are a lane; all items of a block are of the lane that owns the
 * block. A lane belongs to the worker that took its first item, as long as that process lives; its items wait in that
 * worker's queue, those of lanes without a worker in a common one. A worker takes from its own queue, then from the common
 * one, by which it gets the lane; an idle one that finds nothing there takes from a queue that has had items waiting for
 * {@link #PATIENCE}, without getting their lanes.
 */
final class Lanes implements Pending {
    /** How long items may wait for their worker while another is idle. */
    static final Duration PATIENCE = Duration.ofMillis(10);

    private static final int MOST_LANES = 1 << 16;

    private final Deque<Slice> common = new ArrayDeque<>();
    /** Of workers that live, or have not been missed yet. */
    private final List<Home> homes = new ArrayList<>();

    /** The lanes that have a worker; those that were longest without an item are forgotten first. */
    private final Map<Object, Home> owners = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Home> eldest) {
            return size() > MOST_LANES;
        }
    };

    /** One process, and what waits for it. */
    private static final class Home {
        final Slot slot;
        final int incarnation;
        final Deque<Slice> waiting = new ArrayDeque<>();
        /** Since when an idle worker could have seen that there is something, if {@link #seen}. */
        long since;

        boolean seen;

        Home(Slot slot) {
            this.slot = slot;
            this.incarnation = slot.incarnation();
        }

        boolean lives() {
            return Crew.current(slot, incarnation) && slot.state() == Slot.State.READY;
        }
    }

    @Override
    public void addLast(Slice slice) {
        queueOf(slice).addLast(slice);
    }

    @Override
    public void addFirst(Slice slice) {
        queueOf(slice).addFirst(slice);
    }

    private Deque<Slice> queueOf(Slice slice) {
        Home home = owners.get(laneOf(slice));
        if (home == null || !home.lives()) {
            return common;
        }
        home.seen &= !home.waiting.isEmpty();
        return home.waiting;
    }

    private static Object laneOf(Slice slice) {
        Object lane = slice.block().owner();
        if (lane == null) {
            throw new AssertionError("an item with a preference, but without a lane: " + slice.firstIndex());
        }
        return lane;
    }

    @Override
    public Deque<Slice> queueFor(Slot slot, long now) {
        forgetTheDead();
        for (Home home : homes) {
            if (!home.seen) {
                home.since = now;
                home.seen = !home.waiting.isEmpty();
            }
        }
        Home own = homeOf(slot);
        if (!own.waiting.isEmpty()) {
            return own.waiting;
        }
        if (!common.isEmpty()) {
            adopt(own);
            return own.waiting;
        }
        return slot.idle() ? overdue(now, own.waiting) : own.waiting;
    }

    private Home homeOf(Slot slot) {
        for (Home home : homes) {
            if (home.slot == slot) {
                return home;
            }
        }
        Home home = new Home(slot);
        homes.add(home);
        return home;
    }

    /** The first lane of the common queue, with all its items, becomes this worker's. */
    private void adopt(Home home) {
        Object lane = laneOf(common.getFirst());
        owners.put(lane, home);
        for (Iterator<Slice> items = common.iterator(); items.hasNext(); ) {
            Slice item = items.next();
            if (lane.equals(laneOf(item))) {
                items.remove();
                home.waiting.addLast(item);
            }
        }
    }

    private Deque<Slice> overdue(long now, Deque<Slice> nothing) {
        @Nullable Home longest = null;
        for (Home home : homes) {
            boolean overdue = !home.waiting.isEmpty() && now - home.since >= PATIENCE.toNanos();
            if (overdue && (longest == null || home.since - longest.since < 0)) {
                longest = home;
            }
        }
        return longest == null ? nothing : longest.waiting;
    }

    /** What waits for a process that is gone waits for anybody, before what came later. */
    private void forgetTheDead() {
        for (Iterator<Home> all = homes.iterator(); all.hasNext(); ) {
            Home home = all.next();
            if (!home.lives()) {
                all.remove();
                while (!home.waiting.isEmpty()) {
                    common.addFirst(home.waiting.removeLast());
                }
            }
        }
    }

    @Override
    public void forEach(Consumer<Slice> action) {
        common.forEach(action);
        homes.forEach(home -> home.waiting.forEach(action));
    }

    @Override
    public void clear() {
        common.clear();
        homes.forEach(home -> home.waiting.clear());
    }

    @Override
    public List<Slice> take(Predicate<Slice> which) {
        List<Slice> taken = new ArrayList<>();
        common.removeIf(slice -> which.test(slice) && taken.add(slice));
        homes.forEach(home -> home.waiting.removeIf(slice -> which.test(slice) && taken.add(slice)));
        return taken;
    }

    @Override
    public boolean sameForAll() {
        return false;
    }

    @Override
    public boolean mayOpenSoon() {
        return homes.stream().anyMatch(home -> !home.waiting.isEmpty());
    }

    @Override
    public Duration patience() {
        return PATIENCE;
    }
}
