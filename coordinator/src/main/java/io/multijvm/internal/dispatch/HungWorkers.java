// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.death.EndReason;
import io.multijvm.internal.death.LifeSigns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Finds workers that do not get on at all, whatever their task does: a thread of each counts in its recorder, twice a second.
 * One timer for the whole pool looks at the counters, twice a beat. Silence is counted in looks and not by the clock, so what
 * the coordinator missed itself, because it was stopped, asleep or had no core, is nobody's silence. A silent worker is asked
 * after in {@code /proc}, aside from the loop, and is hung only if
 *
 * <ul>
 *   <li>it has missed two beats, and is stopped by a signal or a debugger; or
 *   <li>it has missed four, and has used no CPU since it missed the first, though none of its threads waits for a core or a
 *       disk; or
 *   <li>it has missed twenty, whatever it does.
 * </ul>
 *
 * <p>A look at which it waited for a core and was given none does not count: it starves, and its successor would too. Nor
 * does one at which the heap dump that it writes, with all its threads held, had grown.
 * A collection or a safepoint that takes seconds uses CPU, or waits for the disk. Owned by the event loop.
 */
final class HungWorkers {
    /** What {@code io.multijvm.worker.Heartbeat} keeps to. */
    private static final Duration BEAT = Duration.ofMillis(500);

    private static final int LOOKS_A_BEAT = 2;
    private static final Duration LOOK = BEAT.dividedBy(LOOKS_A_BEAT);

    private static final int ASK_FROM = LOOKS_A_BEAT;
    private static final int STOPPED = 2 * LOOKS_A_BEAT;
    private static final int WITHOUT_CPU = 4 * LOOKS_A_BEAT;
    private static final int IN_ANY_CASE = 20 * LOOKS_A_BEAT;

    private final EventLoop loop;
    private final Executor support;
    private final List<Slot> slots;
    private final Dismissal dismissal;
    private final boolean watched;
    private final Map<Slot, Pulse> pulses = new HashMap<>();
    private boolean armed;
    private boolean asking;

    /** @param watched whether silence ends a worker; else nothing is ever looked at */
    HungWorkers(EventLoop loop, Executor support, List<Slot> slots, Dismissal dismissal, boolean watched) {
        this.loop = loop;
        this.support = support;
        this.slots = slots;
        this.dismissal = dismissal;
        this.watched = watched;
    }

    /** One process's heart. */
    private static final class Pulse {
        final int incarnation;
        long beats;
        /** Looks since that beat, but for those at which it starved. */
        int silent;
        /** When it was first asked after since then, and when last. */
        @Nullable
        LifeSigns first;

        @Nullable
        LifeSigns last;

        Pulse(int incarnation) {
            this.incarnation = incarnation;
        }

        void look(long now) {
            if (now != beats) {
                beats = now;
                silent = 0;
                first = null;
                last = null;
            } else {
                silent++;
            }
        }

        /** Why it is hung; null if it is not, as far as that can be said. */
        @Nullable
        String hung(@Nullable LifeSigns now) {
            LifeSigns before = last;
            last = now;
            first = first == null ? now : first;
            if (now == null || first == null) {
                return silent >= IN_ANY_CASE ? silence() : null;
            }
            if (now.stopped()) {
                return silent >= STOPPED ? silence() + "; its process is stopped, by a signal or a debugger" : null;
            }
            if (before != null && (starved(before, now) || now.dumpedBytes() > before.dumpedBytes())) {
                silent--;
                return null;
            }
            if (silent >= WITHOUT_CPU && !now.wantsCpu() && !now.waitsForDisk() && now.cpuTicks() == first.cpuTicks()) {
                return silence() + ", and it used no CPU";
            }
            return silent >= IN_ANY_CASE
                    ? silence() + (now.waitsForDisk() ? "; it waits for a disk or for swapped pages" : "")
                    : null;
        }

        private static boolean starved(LifeSigns before, LifeSigns now) {
            return now.wantsCpu() && now.cpuTicks() == before.cpuTicks();
        }

        private String silence() {
            return String.format(Locale.ROOT, "no heartbeat for %.1f s", silent * LOOK.toMillis() / 1e3);
        }
    }

    /** A silent worker, as it was at the look. */
    private record Suspect(Slot slot, int incarnation, WorkerProcess process, long beats) {}

    /** A suspect, and what the system says of it. */
    private record Reading(Suspect suspect, Optional<LifeSigns> signs) {}

    /** Once a turn: a worker may have come. */
    void turn() {
        if (watched && !armed && slots.stream().anyMatch(HungWorkers::isWatched)) {
            armed = true;
            loop.schedule(this::look, LOOK);
        }
    }

    /** Before hello the start's own limit holds; what leaves has a ladder. */
    private static boolean isWatched(Slot slot) {
        boolean is = switch (slot.state()) {
            case INITIALISING, STANDBY, READY, RETIRING -> true;
            case EMPTY, STARTING, LEAVING -> false;
        };
        return is && !slot.exited && slot.recorder != null && slot.recorder.beats() > 0;
    }

    private void look() {
        armed = false;
        pulses.keySet().removeIf(slot -> !isWatched(slot));
        List<Suspect> suspects = new ArrayList<>();
        for (Slot slot : slots) {
            WorkerProcess process = slot.process;
            if (slot.recorder == null || process == null || !isWatched(slot)) {
                continue;
            }
            Pulse pulse = pulseOf(slot);
            pulse.look(slot.recorder.beats());
            if (pulse.silent >= ASK_FROM) {
                suspects.add(new Suspect(slot, slot.incarnation(), process, pulse.beats));
            }
        }
        if (!suspects.isEmpty() && !asking) {
            asking = true;
            support.execute(() -> ask(suspects));
        }
        turn();
    }

    private Pulse pulseOf(Slot slot) {
        Pulse pulse = pulses.get(slot);
        if (pulse == null || pulse.incarnation != slot.incarnation()) {
            pulse = new Pulse(slot.incarnation());
            pulses.put(slot, pulse);
        }
        return pulse;
    }

    private void ask(List<Suspect> suspects) {
        List<Reading> readings = new ArrayList<>();
        for (Suspect suspect : suspects) {
            readings.add(new Reading(suspect, suspect.process().lifeSigns()));
        }
        loop.executeIfUp(() -> judge(readings));
    }

    private void judge(List<Reading> readings) {
        asking = false;
        for (Reading reading : readings) {
            Slot slot = reading.suspect().slot();
            Pulse pulse = pulses.get(slot);
            boolean silentStill = Crew.current(slot, reading.suspect().incarnation())
                    && isWatched(slot)
                    && slot.recorder != null
                    && slot.recorder.beats() == reading.suspect().beats();
            if (pulse == null || !silentStill) {
                continue;
            }
            String evidence = pulse.hung(reading.signs().orElse(null));
            if (evidence != null) {
                dismissal.end(slot, new EndReason.Hung(evidence));
            }
        }
    }
}
