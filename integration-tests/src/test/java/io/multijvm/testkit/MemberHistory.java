// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What processes were answered who added the same element to a set and removed it, and when: whether the calls can have been
 * done one after the other, each between its beginning and its answer, so that all of it comes out. A call that a death has cut
 * was done at any time after it began, or never. The element is not in the set at first. For one thread.
 */
final class MemberHistory {
    private final List<Event> events = new ArrayList<>();
    private final Set<Call> open = new HashSet<>();
    private int cutAdds;
    private int cutRemoves;
    private int doneOfCut;

    private record Call(Turn turn, boolean adds) {
        boolean isCut() {
            return turn.value() == 0;
        }

        /** Whether its answer is right if it is done now. */
        boolean fits(boolean in) {
            return turn.told() == (in != adds);
        }

        boolean leaves(boolean in) {
            return turn.told() ? adds : in;
        }
    }

    private record Event(long at, boolean begins, Call call) {}

    /**
     * What may be so at a moment.
     *
     * @param in whether the element is in the set
     * @param done of the calls without an answer, those that were done
     * @param cutAdds how many adds were done of those that were cut; which of them makes no difference
     */
    private record State(boolean in, Set<Call> done, int cutAdds, int cutRemoves) {
        State after(Call call) {
            Set<Call> more = new HashSet<>(done);
            more.add(call);
            return new State(call.leaves(in), more, cutAdds, cutRemoves);
        }

        State answered(Call call) {
            Set<Call> rest = new HashSet<>(done);
            rest.remove(call);
            return new State(in, rest, cutAdds, cutRemoves);
        }

        int cut() {
            return cutAdds + cutRemoves;
        }
    }

    /** In that turn a process added it, or removed it; told says whether the set was another then. */
    void did(Turn turn, boolean adds) {
        Call call = new Call(turn, adds);
        events.add(new Event(turn.asked(), true, call));
        if (!call.isCut()) {
            events.add(new Event(turn.acquired(), false, call));
        }
    }

    /**
     * What must not be; empty if all is right. To be asked once.
     *
     * @param last whether the element was in the set in the end
     */
    List<String> wrong(boolean last) {
        events.sort(Comparator.comparingLong(Event::at).thenComparing(event -> !event.begins()));
        Set<State> states = Set.of(new State(false, Set.of(), 0, 0));
        for (Event event : events) {
            Call call = event.call();
            if (event.begins()) {
                begins(call);
                continue;
            }
            Set<State> after = new HashSet<>();
            reached(states, state -> state.done().contains(call)).forEach(state -> after.add(state.answered(call)));
            if (after.isEmpty()) {
                return List.of("no order explains what this was told after all that was before: " + call);
            }
            open.remove(call);
            states = after;
        }
        List<State> ends = reached(states, state -> state.in() == last);
        if (ends.isEmpty()) {
            return List.of("no order explains why in the end it was in the set: " + last);
        }
        doneOfCut = ends.stream().mapToInt(State::cut).min().orElseThrow();
        return List.of();
    }

    /** How many calls that were cut must have been done. */
    int doneOfCut() {
        return doneOfCut;
    }

    private void begins(Call call) {
        if (!call.isCut()) {
            open.add(call);
        } else if (call.adds()) {
            cutAdds++;
        } else {
            cutRemoves++;
        }
    }

    /** What is as wanted after any of the calls that are under way; not looked further than that, for the rest may come later. */
    private List<State> reached(Collection<State> from, Predicate<State> wanted) {
        List<State> found = new ArrayList<>();
        Set<State> seen = new HashSet<>(from);
        Deque<State> look = new ArrayDeque<>(from);
        while (!look.isEmpty()) {
            State state = look.remove();
            if (wanted.test(state)) {
                found.add(state);
            } else {
                next(state).stream().filter(seen::add).forEach(look::add);
            }
        }
        return found;
    }

    private List<State> next(State state) {
        List<State> next = new ArrayList<>();
        for (Call call : open) {
            if (!state.done().contains(call) && call.fits(state.in())) {
                next.add(state.after(call));
            }
        }
        if (!state.in() && state.cutAdds() < cutAdds) {
            next.add(new State(true, state.done(), state.cutAdds() + 1, state.cutRemoves()));
        }
        if (state.in() && state.cutRemoves() < cutRemoves) {
            next.add(new State(false, state.done(), state.cutAdds(), state.cutRemoves() + 1));
        }
        return next;
    }
}
