// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.context;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * What a task wants done when its item is to stop. Listeners run one after the other in a thread of their own; the
 * interrupt follows when they have returned, and without them after {@link #BEFORE_INTERRUPT_MILLIS}. Thread-safe.
 *
 * <pre>
 * WAITING -- abort --> ABORTED   the listeners run; one that is added now runs at once
 * any     -- reset --> WAITING   another item; nobody listens
 * </pre>
 */
final class AbortListeners {
    /** Half of what a task has until its worker is asked to end, so that the interrupt can still help. */
    static final long BEFORE_INTERRUPT_MILLIS = 500;

    private static final System.Logger LOG = System.getLogger(AbortListeners.class.getName());

    // guarded by this
    private List<Listener> waiting = List.of();
    private boolean aborted;
    /** Whether the two above are as they were made; saves each item that nobody cancels two locks. */
    private volatile boolean untouched = true;

    /** With the loader by which the task that added it finds classes. */
    private record Listener(Runnable action, ClassLoader loader) {
        void run() {
            Thread.currentThread().setContextClassLoader(loader);
            try {
                action.run();
            } catch (Throwable e) { // it is the user's, and the next one is to run all the same
                LOG.log(Level.WARNING, "a listener that a task gave to onAbort failed", e);
            }
        }
    }

    /** Whether there were listeners or an abort since the last {@link #reset}. */
    boolean isTouched() {
        return !untouched;
    }

    void reset() {
        if (untouched) {
            return;
        }
        synchronized (this) {
            waiting = List.of();
            aborted = false;
            untouched = true;
        }
    }

    void add(Runnable action) {
        Listener listener = new Listener(action, Thread.currentThread().getContextClassLoader());
        synchronized (this) {
            untouched = false;
            if (!aborted) {
                if (waiting.isEmpty()) {
                    waiting = new ArrayList<>();
                }
                waiting.add(listener);
                return;
            }
        }
        daemon("multijvm-abort", listener::run).start();
    }

    /** Runs the listeners and then {@code interrupt}, which must do nothing once the item has ended. Returns at once. */
    void abort(Runnable interrupt) {
        List<Listener> due;
        synchronized (this) {
            untouched = false;
            due = waiting;
            waiting = List.of();
            aborted = true;
        }
        if (due.isEmpty()) {
            interrupt.run();
            return;
        }
        Thread listening = daemon("multijvm-abort", () -> due.forEach(Listener::run));
        daemon("multijvm-abort-limit", () -> {
                    listening.start();
                    awaitEnd(listening);
                    interrupt.run();
                })
                .start();
    }

    private static void awaitEnd(Thread listening) {
        try {
            listening.join(BEFORE_INTERRUPT_MILLIS);
        } catch (InterruptedException e) {
            // by a task that goes through all threads: then the interrupt of its item comes early
        }
    }

    private static Thread daemon(String name, Runnable action) {
        Thread thread = new Thread(action, name);
        thread.setDaemon(true);
        return thread;
    }
}
