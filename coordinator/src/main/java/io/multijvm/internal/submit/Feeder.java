// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.submit;

import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.dispatch.CallDesk;
import io.multijvm.internal.dispatch.CallState;
import io.multijvm.internal.dispatch.Gate;
import io.multijvm.task.SerializableFunction;
import io.multijvm.wire.Protocol;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one call's input in a thread of its own, no further than the gate allows, encodes the items and hands them over in
 * blocks. An input may wait for the results of its own earlier items: what the feeder has in hand while the input makes it
 * wait is handed over by the loop as soon as a worker is idle.
 */
public final class Feeder<T extends @Nullable Object> implements Runnable {
    private static final int BLOCK_BYTES = 256 << 10;

    /** A packed block of fewer items that another kind of item ended was not worth it; after so many, no more are begun. */
    private static final int FEW_ITEMS = 8;

    private static final int MOST_IN_VAIN = 16;

    /** Packed under one lock: few enough that nobody misses the lock, many enough that it costs nothing. */
    private static final int ITEMS_A_LOCK = 512;

    private final Iterable<? extends T> items;
    /** How many items there are, or -1. */
    private final long expected;

    private final ValueCodec codec;
    private final CallDesk dispatcher;
    private final Consumer<? super T> keep;
    private final @Nullable SerializableFunction<@Nullable Object, ?> affinity;
    private final Gate gate = new Gate(this::handOverIfFree);
    private @Nullable CallState call;

    /** Guards what is in hand, and the order of what is handed over. */
    private final ReentrantLock inHand = new ReentrantLock();

    private ItemBlock.Builder block = new ItemBlock.Builder(0, Protocol.MAX_INLINE_ITEM_BYTES);
    private long index;
    /** Packed blocks that were not worth it. */
    private int inVain;
    /** Items may be read under the lock, and all so far have packed. */
    private boolean quick;

    /**
     * @param expected how many items there are, or -1
     * @param keep sees each item before it is handed over
     * @param keepIsQuick whether that runs no code of the user's
     * @param affinity what items of one block must have in common; null for nothing
     */
    public Feeder(
            Iterable<? extends T> items,
            long expected,
            ValueCodec codec,
            CallDesk dispatcher,
            Consumer<? super T> keep,
            boolean keepIsQuick,
            @Nullable SerializableFunction<@Nullable Object, ?> affinity) {
        this.items = items;
        this.expected = expected;
        this.codec = codec;
        this.dispatcher = dispatcher;
        this.keep = keep;
        this.affinity = affinity;
        this.quick = keepIsQuick && affinity == null && codec.packs() && Inputs.neverWaits(items);
    }

    /** Where this feeder waits. */
    public Gate gate() {
        return gate;
    }

    /** Names the call; before {@link #run}. */
    public Feeder<T> feeds(CallState state) {
        call = state;
        return this;
    }

    @Override
    public void run() {
        Throwable failure = null;
        try {
            if (!readAll()) {
                return;
            }
        } catch (Throwable e) { // user code: whatever its iterator throws is the input's failure
            failure = e;
        }
        handOver();
        dispatcher.inputEnded(call(), failure);
    }

    /** True at the input's end; false if nothing more is wanted. */
    private boolean readAll() throws InterruptedException {
        Iterator<? extends T> input = items.iterator();
        while (true) {
            // a collection's size is only a hint: it saves the wait at the gate, but the iterator decides
            if (index == expected && !input.hasNext()) {
                return true;
            }
            if (index >= gate.openTo()) {
                handOver();
                if (!gate.await(index)) {
                    return false;
                }
            }
            if (gate.closed()) {
                return false;
            }
            if (!input.hasNext()) {
                return true;
            }
            if (quick) {
                packMany(input);
            } else {
                T item = input.next();
                keep.accept(item);
                take(item);
            }
        }
    }

    /** Packs the next items, as far as the gate is open, under one lock; the first that does not is taken as any other. */
    @SuppressWarnings("NullAway") // where this stops being quick, the odd item is there, and null only if it is
    private void packMany(Iterator<? extends T> input) {
        T odd = null;
        boolean full = false;
        inHand.lock();
        try {
            long end = Math.min(gate.openTo(), index + ITEMS_A_LOCK);
            while (quick && !full && index < end && input.hasNext()) {
                T item = input.next();
                keep.accept(item);
                if (block.pack(item)) {
                    index++;
                    full = isFull();
                } else {
                    odd = item;
                    quick = false;
                }
            }
        } finally {
            inHand.unlock();
        }
        if (full) {
            handOver();
        }
        if (!quick) {
            take(odd);
        }
    }

    private void take(T item) {
        if (affinity != null) {
            enterLane(Objects.hashCode(affinity.apply(item)));
        }
        if (codec.packs() && inVain < MOST_IN_VAIN && pack(item)) {
            return;
        }
        byte[] encoded;
        try {
            encoded = codec.encode(item, "item");
        } catch (PayloadException e) {
            handOver();
            dispatcher.notEncoded(call(), index, named(item, e));
            startBlock(index + 1);
            return;
        }
        boolean full;
        inHand.lock();
        try {
            endPacked();
            block.add(encoded);
            index++;
            full = isFull();
        } finally {
            inHand.unlock();
        }
        if (full) {
            handOver();
        }
    }

    /** A hash is enough to tell lanes apart: the loop must not run a key's own methods, and two keys in one lane do no harm. */
    private void enterLane(Integer lane) {
        if (!lane.equals(block.owner())) {
            handOver();
            inHand.lock();
            try {
                block = new ItemBlock.Builder(index, Protocol.MAX_INLINE_ITEM_BYTES, lane);
            } finally {
                inHand.unlock();
            }
        }
    }

    /** Adds the item packed, in another block if need be; false if it does not pack, or not to what is in hand. */
    private boolean pack(T item) {
        boolean full;
        inHand.lock();
        try {
            if (!block.pack(item)) {
                endPacked();
                if (!block.pack(item)) {
                    return false;
                }
            }
            index++;
            full = isFull();
        } finally {
            inHand.unlock();
        }
        if (full) {
            handOver();
        }
        return true;
    }

    private boolean isFull() {
        return block.count() >= gate.blockItems() || block.bytes() >= BLOCK_BYTES;
    }

    /** Under the lock: what is in hand is packed, and the next item is not as that. */
    private void endPacked() {
        if (block.isPacked()) {
            inVain += block.count() < FEW_ITEMS ? 1 : 0;
            handOver();
        }
    }

    /** The same refusal with the item's index in it, which would cost too much to name for each item that crosses. */
    private PayloadException named(T item, PayloadException unnamed) {
        try {
            var unused = codec.encode(item, "item " + index);
            return unnamed;
        } catch (PayloadException e) {
            return e;
        }
    }

    private void startBlock(long at) {
        inHand.lock();
        try {
            index = at;
            block.startAt(index);
        } finally {
            inHand.unlock();
        }
    }

    private void handOver() {
        inHand.lock();
        try {
            if (block.count() > 0) {
                dispatcher.encoded(call(), block.build());
            }
        } finally {
            inHand.unlock();
        }
    }

    /** On the loop, which must not wait: a feeder that holds the lock is about to hand over by itself or has just begun. */
    private void handOverIfFree() {
        if (inHand.tryLock()) {
            try {
                handOver();
            } finally {
                inHand.unlock();
            }
        }
    }

    private CallState call() {
        if (call == null) {
            throw new IllegalStateException("this feeder feeds no call");
        }
        return call;
    }
}
