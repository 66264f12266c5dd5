// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Items that wait for the threads of one pool: for whichever is free, or for one of them. Thread-safe. */
final class ItemQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private final Queue<Waiting> forAnyone = new PriorityQueue<>();
    private long added;
    private final List<Deque<Runnable>> forOne = new ArrayList<>();
    private int threads;
    private boolean closed;

    /** The deepest first, then as they came. */
    private record Waiting(Runnable item, int depth, long number) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            return depth == other.depth ? Long.compare(number, other.number) : Integer.compare(other.depth, depth);
        }
    }

    ItemQueue(int threads) {
        resize(threads);
    }

    /** Threads with a higher number get nothing more, but for what is for them alone already. */
    final void resize(int most) {
        lock.lock();
        try {
            threads = most;
            while (forOne.size() < most) {
                forOne.add(new ArrayDeque<>());
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is something that any thread may run. */
    boolean hasWaiting() {
        lock.lock();
        try {
            return !forAnyone.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** @param depth items of a higher one come first */
    void add(Runnable item, int depth) {
        lock.lock();
        try {
            forAnyone.add(new Waiting(item, depth, added++));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** For the thread with this number alone; for any, if there is none of that number any more. */
    void add(int thread, Runnable item) {
        lock.lock();
        try {
            if (thread < threads) {
                forOne.get(thread).addLast(item);
            } else {
                forAnyone.add(new Waiting(item, 0, added++));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more is added. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What this thread runs next, its own first; waits for it. Null at the end, and for a thread that is too many. */
    @Nullable
    Runnable take(int thread) {
        lock.lock();
        try {
            Deque<Runnable> own = forOne.get(thread);
            while (own.isEmpty() && forAnyone.isEmpty() && !closed && thread < threads) {
                // an interrupt is meant for an item, and none is running here
                changed.awaitUninterruptibly();
            }
            if (!own.isEmpty()) {
                return own.pollFirst();
            }
            // what it was woken for may be for the others
            if (thread >= threads && !forAnyone.isEmpty()) {
                changed.signal();
            }
            Waiting next = thread < threads ? forAnyone.poll() : null;
            return next == null ? null : next.item();
        } finally {
            lock.unlock();
        }
    }
}
