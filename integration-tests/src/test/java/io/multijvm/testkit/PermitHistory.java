// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What many processes wrote down of one semaphore, and what of that cannot be so: more permits out at a time than there are. */
public final class PermitHistory {
    private final List<String> wrong = new ArrayList<>();
    private final Collection<Turn> turns;
    private long most;

    private record Step(long at, long permits) {}

    /**
     * Looks through it.
     *
     * @param turns whose values are permits; all that live have ended
     */
    public PermitHistory(long permits, Collection<Turn> turns) {
        this.turns = turns;
        List<Step> steps = new ArrayList<>();
        for (Turn turn : turns) {
            if (!turn.isKilled() && (turn.value() == 0 || turn.releasing() == 0)) {
                wrong.add("lives, and was never answered or never released: " + turn);
            } else if (turn.value() != 0) {
                steps.add(new Step(turn.acquired(), turn.value()));
                steps.add(new Step(turn.end(), -turn.value()));
            }
        }
        steps.sort(Comparator.comparingLong(Step::at).thenComparingLong(Step::permits));
        long out = 0;
        for (Step step : steps) {
            out += step.permits();
            most = Math.max(most, out);
            if (out > permits) {
                wrong.add(out + " permits of " + permits + " are out at " + step.at());
            }
        }
    }

    /** What cannot be so; empty if all is well. */
    public List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** How often any were had. */
    public long acquisitions() {
        return turns.stream().filter(turn -> turn.value() != 0).count();
    }

    /** How many died with permits. */
    public long diedInside() {
        return turns.stream().filter(Turn::diedInside).count();
    }

    /** The most that were out at a time. */
    public long most() {
        return most;
    }

    /** The longest that anybody waited who got what he asked for. Nanoseconds. */
    public long longestWait() {
        return turns.stream()
                .filter(turn -> turn.value() != 0)
                .mapToLong(turn -> turn.acquired() - turn.asked())
                .max()
                .orElse(0);
    }
}
