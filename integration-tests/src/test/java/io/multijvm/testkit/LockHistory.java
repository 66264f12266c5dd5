// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * What many processes wrote down of one lock, and what of that cannot be so: two owners at a time, tokens that do not rise or that
 * nobody had, a death that the next owner was not told of or that never was, a count under the lock that was counted wrong.
 *
 * <p>A process may be killed between taking the lock and writing that down. Such a token is missing, and its next owner must have
 * been told of a death all the same.
 */
public final class LockHistory {
    private final List<Turn> owners;
    private final List<Turn> died;
    private final List<String> wrong = new ArrayList<>();
    private final List<Long> waits = new ArrayList<>();
    private long missing;

    /**
     * Looks through it.
     *
     * @param before the token of the owner before the first
     * @param turns of all processes, in any order; all that live have ended
     */
    public LockHistory(long before, Collection<Turn> turns) {
        owners = turns.stream()
                .filter(turn -> turn.value() != 0)
                .sorted(Comparator.comparingLong(Turn::value))
                .toList();
        died = turns.stream().filter(Turn::isKilled).toList();
        turns.stream()
                .filter(turn -> turn.value() == 0 && !turn.isKilled())
                .forEach(turn -> wrong.add("lives, and was never answered: " + turn));
        owners.stream()
                .filter(turn -> turn.releasing() == 0 && !turn.isKilled())
                .forEach(turn -> wrong.add("lives, and never released it: " + turn));
        if (!owners.isEmpty()) {
            Turn first = owners.get(0);
            checkGap(before, first);
            for (int i = 1; i < owners.size(); i++) {
                checkNext(owners.get(i - 1), owners.get(i));
            }
        }
        long unknown = died.stream().filter(Turn::diedAsking).count();
        if (missing > unknown) {
            wrong.add(missing + " tokens are missing, but only " + unknown + " died when they had asked");
        }
    }

    private void checkNext(Turn owner, Turn next) {
        if (next.acquired() < owner.end()) {
            wrong.add("two owners at a time: " + owner + " and " + next);
        }
        if (next.value() == owner.value()) {
            wrong.add("the same token twice: " + owner + " and " + next);
            return;
        }
        if (checkGap(owner.value(), next)) {
            checkTold(owner, next);
        }
        long counted = next.seen() - owner.seen();
        boolean half = owner.diedInside();
        if (counted != 1 && !(half && counted == 0)) {
            wrong.add("counted wrong: " + owner + " and " + next);
        }
        if (owner.diedInside()) {
            waits.add(next.acquired() - owner.killed());
        }
    }

    private static boolean mustBeTold(Turn owner) {
        return owner.diedInside();
    }

    private void checkTold(Turn owner, Turn next) {
        if (mustBeTold(owner) && !next.told()) {
            wrong.add("not told of the death of the one before: " + owner + " and " + next);
        }
        if (!mustBeTold(owner) && !owner.diedReleasing() && next.told()) {
            wrong.add("told of a death that was none: " + owner + " and " + next);
        }
    }

    /** Whether none is between. */
    private boolean checkGap(long token, Turn next) {
        long between = next.value() - token - 1;
        missing += Math.max(0, between);
        if (between > 0 && !next.told()) {
            wrong.add("not told of the death of the owner of token " + (next.value() - 1) + ": " + next);
        }
        return between <= 0;
    }

    /** What cannot be so; empty if all is well. */
    public List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** How often it was had. */
    public int acquisitions() {
        return owners.size();
    }

    /** How many died when they had asked and nothing else is known: they waited, or had it for a moment. */
    public long diedAsking() {
        return died.stream().filter(Turn::diedAsking).count();
    }

    /** How many of these did have it. */
    public long missing() {
        return missing;
    }

    /** How many died with it. */
    public long diedInside() {
        return died.stream().filter(Turn::diedInside).count();
    }

    /** From the kill of each that died with it, until the next had it. Nanoseconds. */
    public List<Long> waits() {
        return List.copyOf(waits);
    }
}
