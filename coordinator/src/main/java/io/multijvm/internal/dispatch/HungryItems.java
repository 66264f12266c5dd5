// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.chunk.Slice;
import io.multijvm.internal.dispatch.DispatchEvent.Casualty;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Items of one call that ran out of heap, and from then on run only in the pool's {@link LargerWorker}, whatever else becomes
 * of them. Owned by the event loop.
 */
final class HungryItems {
    /** How each ran out of heap in another worker; until it has its outcome. */
    private final Map<Long, Casualty> ranOut = new HashMap<>();
    /** Those that are to be begun; each is alone in its slice. */
    private final Deque<Slice> waiting = new ArrayDeque<>();

    /** Whether the item has run out of heap before. */
    boolean has(long index) {
        return ranOut.containsKey(index);
    }

    /** It ran out of heap just now, for the first time. */
    void add(Casualty item, Slice slice) {
        ranOut.put(item.index(), item);
        waiting.addLast(slice);
    }

    /** Takes what was given out, or rested, and waits again, if it is an item of these; whether it is. */
    boolean takeBack(Slice slice) {
        boolean own = has(slice.firstIndex());
        if (own) {
            waiting.addFirst(slice);
        }
        return own;
    }

    int waiting() {
        return waiting.size();
    }

    /** The next to be begun; null if none waits. */
    @Nullable
    Slice peek() {
        return waiting.peekFirst();
    }

    /** As {@link #peek}, and it waits no more. */
    @Nullable
    Slice poll() {
        return waiting.pollFirst();
    }

    void forEachWaiting(Consumer<Slice> action) {
        waiting.forEach(action);
    }

    void forgetWaiting() {
        waiting.clear();
    }

    /** The item has its outcome. */
    void over(long index) {
        ranOut.remove(index);
    }

    /** All that wait, as they ran out of heap; they wait no more. */
    List<Casualty> takeWaiting() {
        List<Casualty> taken = new ArrayList<>();
        for (Slice slice : waiting) {
            Casualty item = ranOut.get(slice.firstIndex());
            if (item == null) {
                throw new AssertionError("item " + slice.firstIndex() + " waits for more heap and never ran out of it");
            }
            taken.add(item);
        }
        waiting.clear();
        return taken;
    }
}
