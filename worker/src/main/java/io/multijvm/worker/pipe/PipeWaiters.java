// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.shared.Waitable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Who waits at one end of a pipe: threads, and actions for when it is ready. Thread-safe. Whoever wakes them runs none of the
 * actions: that may be the event loop's thread, which runs no user code. Each has a thread to itself, for it may wait for
 * another end, which is then ready by an action, or arrives by work, that must not stand behind it.
 */
public final class PipeWaiters {
    private static final long IDLE_SECONDS = 1;
    private static final long AGAIN_MILLIS = 100;
    private static final ThreadPoolExecutor ASIDE = aside();

    private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();
    private final List<Action> actions = new CopyOnWriteArrayList<>();
    private final Runnable lookForActions;
    /** Somebody will look, and has not begun. */
    private final AtomicBoolean lookComes = new AtomicBoolean();

    /** @param lookForActions has a look whether the actions are to be run; by a thread that may wait */
    PipeWaiters(Runnable lookForActions) {
        this.lookForActions = lookForActions;
    }

    private static ThreadPoolExecutor aside() {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    Thread thread = new Thread(work, "multijvm-pipe-ready");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** By a thread that may wait, soon. Does not wait. */
    public static void aside(Runnable work) {
        try {
            ASIDE.execute(work);
        } catch (OutOfMemoryError e) { // the system gives no more threads just now
            asideLater(work);
        }
    }

    /** As {@link #aside}, after a while: something that it needs is not to be had just now. */
    static void asideLater(Runnable work) {
        CompletableFuture.delayedExecutor(AGAIN_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> aside(work));
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
        lookAside();
    }

    /** If there are actions: has a look whether they are to be run, soon. */
    void lookAside() {
        if (!actions.isEmpty() && lookComes.compareAndSet(false, true)) {
            aside(() -> {
                lookComes.set(false); // first: what changes from now on needs another look, and this one may wait
                lookForActions.run();
            });
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

    /** Runs each action once, whoever comes: the newest here, the others aside. */
    void runActions() {
        List<Action> mine =
                List.copyOf(actions).stream().filter(actions::remove).toList();
        int last = mine.size() - 1;
        for (int i = 0; i < last; i++) {
            aside(mine.get(i).run());
        }
        if (last >= 0) {
            mine.get(last).run().run();
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

        /**
         * Somebody else selects; but whoever gives that up from now on sees this one, so it looks once more. Who has waited for
         * long is not seen any more, so that others are as quick as without it: it hears of its ring within a millisecond then.
         */
        private void parkBeside(SocketThread sockets, long nanos) {
            parkedAt.set(sockets);
            sockets.parks();
            try {
                if (woken || select(sockets, nanos)) {
                    return;
                }
                park(Math.min(nanos, SocketThread.RECENT_NANOS));
            } finally {
                unpark();
            }
            if (nanos > SocketThread.RECENT_NANOS) {
                park(nanos == Long.MAX_VALUE ? nanos : nanos - SocketThread.RECENT_NANOS);
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
