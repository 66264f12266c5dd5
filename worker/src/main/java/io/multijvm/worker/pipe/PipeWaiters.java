// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.shared.Waitable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Who waits at one end of a pipe: threads, and actions for when it is ready. Thread-safe. Whoever wakes them runs none of the
 * actions: that may be the event loop's thread, which runs no user code.
 */
public final class PipeWaiters {
    private static final long IDLE_SECONDS = 1;
    private static final ThreadPoolExecutor ASIDE = aside();

    private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();
    private final List<Action> actions = new CopyOnWriteArrayList<>();
    private final Runnable lookForActions;

    /** @param lookForActions has a look whether the actions are to be run; by a thread that may run them */
    PipeWaiters(Runnable lookForActions) {
        this.lookForActions = lookForActions;
    }

    private static ThreadPoolExecutor aside() {
        ThreadPoolExecutor made =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "multijvm-pipe-ready");
                    thread.setDaemon(true);
                    return thread;
                });
        made.allowCoreThreadTimeOut(true);
        return made;
    }

    /** By a thread that may take its time, soon. */
    static void aside(Runnable work) {
        ASIDE.execute(work);
    }

    /** The calling thread, from now on until it is closed. */
    Waiter add() {
        Waiter waiter = new Waiter();
        waiting.add(waiter);
        return waiter;
    }

    /** Something has changed: everybody looks again. */
    void wake() {
        waiting.forEach(Waiter::wake);
        if (!actions.isEmpty()) {
            ASIDE.execute(lookForActions);
        }
    }

    Waitable.Registration add(Runnable action) {
        Action added = new Action(action);
        actions.add(added);
        return () -> actions.remove(added);
    }

    boolean hasActions() {
        return !actions.isEmpty();
    }

    /** Runs each action once, whoever comes. */
    void runActions() {
        for (Action action : List.copyOf(actions)) {
            if (actions.remove(action)) {
                action.run().run();
            }
        }
    }

    /** By its identity. */
    private static final class Action {
        private final Runnable run;

        Action(Runnable run) {
            this.run = run;
        }

        Runnable run() {
            return run;
        }
    }

    /** A thread that waits. What wakes it before it has begun to wait is not lost, but for {@link #reset}. */
    final class Waiter implements AutoCloseable {
        private final Thread thread = Thread.currentThread();
        private volatile boolean woken;
        /** Selects in the place of this one's thread, or of nobody's. */
        private volatile @Nullable SocketThread selects;

        /** Counts this among the parked. */
        private final AtomicReference<@Nullable SocketThread> parkedAt = new AtomicReference<>();

        private void wake() {
            woken = true;
            unpark();
            SocketThread sockets = selects;
            if (sockets != null && Thread.currentThread() != thread) {
                sockets.wakeup();
            }
            LockSupport.unpark(thread);
        }

        private void unpark() {
            SocketThread sockets = parkedAt.getAndSet(null);
            if (sockets != null) {
                sockets.parksNoLonger();
            }
        }

        /** What came before does not count: before it asks to be woken, and looks once more. */
        void reset() {
            woken = false;
        }

        /**
         * Until it is woken, or the time is over.
         *
         * @param nanos {@code Long.MAX_VALUE} for no limit
         */
        void await(long nanos) throws InterruptedException {
            long deadline = System.nanoTime() + nanos;
            while (!woken) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                long left = nanos == Long.MAX_VALUE ? nanos : deadline - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                SocketThread sockets = SocketThread.running();
                if (sockets == null) {
                    park(left);
                } else if (!select(sockets, left)) {
                    parkBeside(sockets, left);
                }
            }
        }

        private boolean select(SocketThread sockets, long nanos) {
            selects = sockets; // first: who wakes this from now on has the selector return
            try {
                return woken || sockets.selectHere(nanos, () -> woken);
            } finally {
                selects = null;
            }
        }

        /** Somebody else selects; but whoever gives that up from now on sees this one, so it looks once more. */
        private void parkBeside(SocketThread sockets, long nanos) {
            parkedAt.set(sockets);
            sockets.parks();
            try {
                if (!woken && !select(sockets, nanos)) {
                    park(nanos);
                }
            } finally {
                unpark();
            }
        }

        private void park(long nanos) {
            if (woken) {
                return;
            }
            if (nanos == Long.MAX_VALUE) {
                LockSupport.park(PipeWaiters.this);
            } else {
                LockSupport.parkNanos(PipeWaiters.this, nanos);
            }
        }

        @Override
        public void close() {
            waiting.remove(this);
        }
    }
}
