// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How far a call's input may be read. The loop opens it further as workers and consumers come along; one feeder thread
 * waits at it. Open ends only grow; closing is for good.
 */
public class Gate {
    private volatile long openTo;
    private volatile int blockItems = 1;
    private volatile boolean closed;
    private volatile @Nullable Thread feeder;
    private final Runnable handOver;

    /** @param handOver makes the feeder hand over what it has in hand; called on the loop, must not block */
    public Gate(Runnable handOver) {
        this.handOver = handOver;
    }

    /** Items with an index below this may be read. */
    public long openTo() {
        return openTo;
    }

    /** How many items the feeder should hand over together. */
    public int blockItems() {
        return blockItems;
    }

    /** Nothing more is wanted. */
    public boolean closed() {
        return closed;
    }

    /** On the loop. */
    public void open(long index, int items) {
        blockItems = items;
        if (index > openTo) {
            openTo = index;
            wake();
        }
    }

    /** On the loop: workers are idle while the feeder may have items in hand. */
    public void askForHeldBack() {
        handOver.run();
    }

    /** From any thread. */
    public void close() {
        closed = true;
        wake();
    }

    /** The feeder's: returns when item {@code index} may be read (true) or none is wanted any more (false). */
    public boolean await(long index) throws InterruptedException {
        feeder = Thread.currentThread();
        try {
            while (!closed && index >= openTo) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while waiting to read item " + index);
                }
                LockSupport.park(this);
            }
            return !closed;
        } finally {
            feeder = null;
        }
    }

    private void wake() {
        Thread thread = feeder;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}
