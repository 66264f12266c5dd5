// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Items that wait for the threads of one pool: for whichever is free, or for one of them. Thread-safe. */
final class ItemQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private final Deque<Runnable> forAnyone = new ArrayDeque<>();
    private final List<Deque<Runnable>> forOne;
    private boolean closed;

    ItemQueue(int threads) {
        forOne =
                Stream.<Deque<Runnable>>generate(ArrayDeque::new).limit(threads).toList();
    }

    void add(Runnable item) {
        lock.lock();
        try {
            forAnyone.addLast(item);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** For the thread with this number alone. */
    void add(int thread, Runnable item) {
        lock.lock();
        try {
            forOne.get(thread).addLast(item);
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

    /** What this thread runs next, its own first; waits for it. Null at the end. */
    @Nullable
    Runnable take(int thread) {
        Deque<Runnable> own = forOne.get(thread);
        lock.lock();
        try {
            while (own.isEmpty() && forAnyone.isEmpty() && !closed) {
                // an interrupt is meant for an item, and none is running here
                changed.awaitUninterruptibly();
            }
            return own.isEmpty() ? forAnyone.pollFirst() : own.pollFirst();
        } finally {
            lock.unlock();
        }
    }
}
