// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.chunk.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls of tasks to the pool that runs them. Each is an ordinary call whose feeder and receiver are in a worker; it belongs
 * to that worker's process and to the item it ran when the call was made, and is cancelled with either. Owned by the event
 * loop.
 *
 * <p>Items of a call are at workers that have nothing else (see {@link WorkGiver}), or granted: when nobody is free, a thread
 * that waits for the call runs them itself. A granted item is in no ledger here but this one; if it costs its process, the
 * item that the coordinator gave out is to blame, and the call ends with the process.
 *
 * <p>Why this cannot stand still: take a waiting item below which no other waits. The items that it waits for do not wait,
 * so each of them runs, or waits to be given out. One that waits goes to a free worker, or to the very thread that waits for
 * it. None is stuck behind another item that waits: a worker whose item has calls open is given nothing, and what it had
 * not begun is taken back. And a thread runs nothing on top of an item but what that item waits for, so a stack never holds
 * up a stranger.
 */
final class NestedCalls {
    private final InFlight inFlight;
    private final Consumer<CallState> touched;
    private final Map<Key, Nested> byKey = new HashMap<>();
    /** The deepest first: what was begun is finished before more is begun. */
    private final List<Nested> calls = new ArrayList<>();

    private long lastId;

    private record Key(Slot slot, int incarnation, long number) {}

    /** One call. */
    static final class Nested {
        final CallState state;
        final Slot owner;
        /** Which of the slot's processes asked. */
        final int incarnation;

        final WorkerPort port;
        final long number;
        final NestedSink sink;
        final long chunkId;
        final int position;
        /** Items that its own worker runs or is about to, by index. */
        final Map<Long, ItemBlock> granted = new HashMap<>();
        /** Whether a thread there does nothing but wait for it. */
        boolean waits;

        boolean reclaimed;

        private Nested(
                CallState state,
                Slot owner,
                WorkerPort port,
                long number,
                NestedSink sink,
                long chunkId,
                int position) {
            this.state = state;
            this.owner = owner;
            this.incarnation = owner.incarnation();
            this.port = port;
            this.number = number;
            this.sink = sink;
            this.chunkId = chunkId;
            this.position = position;
        }

        /** Whether the slot's process of now has asked for it. */
        boolean isOf(Slot slot) {
            return owner == slot && incarnation == slot.incarnation();
        }
    }

    /** @param touched told of every call that its receiver must look at */
    NestedCalls(InFlight inFlight, Consumer<CallState> touched) {
        this.inFlight = inFlight;
        this.touched = touched;
    }

    boolean any() {
        return !calls.isEmpty();
    }

    /** The deepest first. */
    List<Nested> calls() {
        return calls;
    }

    @Nullable
    Nested find(Slot slot, long number) {
        return byKey.get(new Key(slot, slot.incarnation(), number));
    }

    /** A new call of the item that the slot runs; null if that slot's worker is gone. */
    @Nullable
    CallState begin(Slot slot, NestedSaid.Begin said) {
        WorkerPort port = slot.port;
        if (port == null) {
            return null;
        }
        NestedSink sink = new NestedSink(port, said.call());
        Gate gate = said.kind() == CallState.Kind.SUBMITS
                ? new Gate(() -> {})
                : new RemoteGate(port, said.call(), said.expected());
        // those of the coordinator's own program are positive
        CallState state =
                new CallState(--lastId, said.function(), said.settings(), sink, gate, said.kind(), said.expected());
        state.depth = said.depth();
        Nested nested = new Nested(state, slot, port, said.call(), sink, said.chunkId(), said.position());
        byKey.put(new Key(slot, slot.incarnation(), said.call()), nested);
        int at = 0;
        while (at < calls.size() && calls.get(at).state.depth >= said.depth()) {
            at++;
        }
        calls.add(at, nested);
        return state;
    }

    /** A single task is known by its index again when it is cancelled. */
    static ItemBlock owned(Nested call, ItemBlock block) {
        return call.state.fed() ? block : block.ownedBy(block.firstIndex());
    }

    /** The call is over. */
    void remove(CallState state) {
        if (state.depth > 0) {
            calls.removeIf(call -> {
                if (call.state == state) {
                    byKey.remove(new Key(call.owner, call.incarnation, call.number));
                    return true;
                }
                return false;
            });
        }
    }

    /** Whether the slot's item has asked for work that has not ended, so that it waits for it now or will. */
    boolean engaged(Slot slot) {
        for (Nested call : calls) {
            if (call.isOf(slot) && !call.state.quiet()) {
                return true;
            }
        }
        return false;
    }

    /** Calls of the slot's worker, which is gone or as good as gone. */
    List<CallState> ownedBy(Slot slot) {
        return calls.stream()
                .filter(call -> call.isOf(slot))
                .map(call -> call.state)
                .toList();
    }

    /** Calls that were made while the slot ran that item. */
    List<CallState> madeBy(Slot slot, long chunkId, int position) {
        return calls.stream()
                .filter(call -> call.isOf(slot) && call.chunkId == chunkId && call.position == position)
                .map(call -> call.state)
                .toList();
    }

    /** Calls that were made while the slot ran any item of that chunk. */
    List<CallState> madeIn(Slot slot, long chunkId) {
        return calls.stream()
                .filter(call -> call.isOf(slot) && call.chunkId == chunkId)
                .map(call -> call.state)
                .toList();
    }

    /** Nothing that was granted of the call counts any more. */
    void dropGranted(CallState state) {
        for (Nested call : calls) {
            if (call.state == state) {
                call.granted.forEach((index, block) -> state.drop(block, index));
                call.granted.clear();
            }
        }
    }

    /** Gives what nobody else took to the threads that wait for it. */
    void grant(int workers) {
        for (Nested call : List.copyOf(calls)) {
            if (call.waits && call.granted.isEmpty() && call.state.hasPending()) {
                List<Slice> items = call.state.nextItems(call.owner, 0, workers, Integer.MAX_VALUE);
                if (!items.isEmpty()) {
                    grant(call, call.state.reruns.alike(items));
                }
                touched.accept(call.state);
            }
        }
    }

    private static void grant(Nested call, List<Slice> items) {
        for (Slice slice : items) {
            for (long index = slice.firstIndex(); index < slice.endIndex(); index++) {
                call.granted.put(index, slice.block());
            }
        }
        call.reclaimed = false;
        long first = items.get(0).firstIndex();
        call.port.nestedGrant(
                call.number,
                first,
                items.get(items.size() - 1).endIndex(),
                call.state.attempts.of(first),
                call.state.id);
        call.port.flush();
    }

    void ran(Nested call, NestedSaid.Ran said) {
        ItemBlock block = call.granted.remove(said.index());
        if (block != null) {
            if (said.dropped()) {
                call.state.drop(block, said.index());
                touched.accept(call.state);
                return;
            }
            call.state.cost.observe(said.elapsedNanos(), said.resultBytes());
            call.state.finishAside(block, said.index(), said.attempt(), said.resultBytes(), said.failed());
            touched.accept(call.state);
        }
    }

    void givenBack(Nested call, NestedSaid.GivenBack said) {
        List<Slice> back = new ArrayList<>();
        for (long index = said.firstIndex(); index < said.endIndex(); index++) {
            ItemBlock block = call.granted.remove(index);
            if (block != null) {
                int at = (int) (index - block.firstIndex());
                back.add(new Slice(block, at, at + 1));
            }
        }
        call.reclaimed = false;
        call.state.putBack(back);
        touched.accept(call.state);
    }

    /** Nobody waits for that item any more, if it is a single task. */
    void unwanted(Nested call, long index) {
        if (!call.state.fed()) {
            call.sink.unwanted((Object) index);
        }
    }

    /** Whether something that waits in a worker could be run by one that is free, or by the thread that waits for it. */
    boolean couldMove(boolean someoneIsIdle) {
        for (Nested call : calls) {
            if ((someoneIsIdle && call.granted.size() > 1 && !call.reclaimed) || (call.waits && heldUp(call) != null)) {
                return true;
            }
        }
        return false;
    }

    /** Asks for what a free worker could run. */
    void reclaim() {
        for (Nested call : calls) {
            if (call.granted.size() > 1 && !call.reclaimed) {
                call.reclaimed = true;
                call.port.nestedReclaim(call.number);
                call.port.flush();
            }
        }
    }

    /** A chunk of a call whose thread waits and has nothing to run, with items that have not begun; null if there is none. */
    @Nullable
    Chunk heldUp() {
        for (Nested call : calls) {
            Chunk chunk = call.waits ? heldUp(call) : null;
            if (chunk != null) {
                return chunk;
            }
        }
        return null;
    }

    private @Nullable Chunk heldUp(Nested call) {
        return call.granted.isEmpty() && !call.state.hasPending() ? inFlight.unstartedOf(call.state) : null;
    }

    static CancellationException outerEnded() {
        return new CancellationException("the task that asked for it was stopped, or its worker has ended");
    }
}
