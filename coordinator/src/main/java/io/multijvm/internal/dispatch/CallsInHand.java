// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.dispatch.DispatchEvent.Casualty;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/** The calls that have not ended, in the order in which it is their turn to have items given out. Owned by the event loop. */
final class CallsInHand {
    private final Crew crew;
    private final NestedCalls nested;
    private final Stopper stopper;
    private final Consumer<CallState> touched;
    private final Deque<CallState> calls = new ArrayDeque<>();
    /** Calls that keep items apart for workers, so that one may find nothing where another does. */
    private int apart;

    /** @param touched told of every call that its receiver must look at */
    CallsInHand(Crew crew, NestedCalls nested, Stopper stopper, Consumer<CallState> touched) {
        this.crew = crew;
        this.nested = nested;
        this.stopper = stopper;
        this.touched = touched;
    }

    Collection<CallState> all() {
        return calls;
    }

    int size() {
        return calls.size();
    }

    /** The one whose turn it is, and whose turn comes last from now on. */
    CallState nextInTurn() {
        CallState call = calls.removeFirst();
        calls.addLast(call);
        return call;
    }

    /** Whether one worker may find nothing where another does. */
    boolean keepApart() {
        return apart > 0;
    }

    /** Lets feeders read on as far as workers, consumers and memory allow. */
    void openGates() {
        calls.forEach(call -> call.openGate(crew.size()));
    }

    void add(CallState call) {
        calls.addLast(call);
        call.openGate(crew.size());
        apart += call.pending().sameForAll() ? 0 : 1;
    }

    void remove(CallState call) {
        nested.remove(call);
        if (calls.remove(call)) {
            apart -= call.pending().sameForAll() ? 0 : 1;
            for (Slot slot : crew.slots) {
                if (slot.known.remove(call.id) && slot.port != null) {
                    slot.port.forget(call.id);
                    slot.port.flush();
                }
            }
        }
    }

    /** Whether nothing waits or is out, and nothing more will be read. */
    boolean quiet() {
        return calls.stream().allMatch(CallsInHand::quiet);
    }

    private static boolean quiet(CallState call) {
        return call.quiet() && (call.over() || !call.fed());
    }

    /** Whether so much can be said of what this user asked for. */
    boolean quiet(Object owner) {
        return calls.stream().filter(call -> call.isOwnedBy(owner)).allMatch(CallsInHand::quiet);
    }

    /** One of several users leaves: reads no further, or drops and stops what it has. */
    void leave(Object owner, boolean now) {
        for (CallState call : List.copyOf(calls)) {
            if (call.isOwnedBy(owner)) {
                touched.accept(call);
                if (now) {
                    call.cancel(new CancellationException("the pool was terminated"));
                    stopper.stopWhatRuns(call, true);
                } else {
                    call.stopReading();
                }
            }
        }
    }

    /** Nothing more comes from this user. */
    void left(Object owner) {
        for (CallState call : calls) {
            if (call.isOwnedBy(owner)) {
                call.cancel(new CancellationException("the pool was closed"));
                touched.accept(call);
            }
        }
    }

    /** Items that wait here, or at a worker, for their end. */
    long outstanding() {
        long items = 0;
        for (CallState call : calls) {
            items += call.waiting();
        }
        for (Slot slot : crew.slots) {
            for (Chunk chunk : slot.assigned) {
                items += chunk.left();
            }
        }
        return items;
    }

    /** Whether an item waits that needs more heap than others. */
    boolean anyHungry() {
        return calls.stream().anyMatch(call -> call.reruns.isHungry());
    }

    /** As {@link CallState#starve}, of all calls. */
    List<Casualty> starve() {
        List<Casualty> items = new ArrayList<>();
        calls.forEach(call -> items.addAll(call.reruns.starve()));
        return items;
    }

    /** Whether something waits that only the worker in this place may take. */
    boolean waitsFor(int place) {
        return keepApart() && calls.stream().anyMatch(call -> call.pending().waitsFor(place));
    }

    /** What waits for places that the pool has no more has failed. */
    void failBeyondPlaces() {
        if (keepApart()) {
            calls.stream().filter(call -> call.failBeyond(crew.size())).forEach(touched);
        }
    }

    void stopReading() {
        for (CallState call : calls) {
            if (call.depth > 0) {
                // belongs to an item that is to be finished
                continue;
            }
            call.stopReading();
            touched.accept(call);
        }
    }

    void cancelAll(Throwable why) {
        for (CallState call : calls) {
            call.cancel(why);
            touched.accept(call);
        }
    }
}
