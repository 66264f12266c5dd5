// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.child;

import io.multijvm.internal.process.ExitCleanup;
import io.multijvm.internal.transport.Hub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What all processes of this JVM share: the event loop, threads for what takes time, and the book of those that live. The
 * first process makes it; it goes half a second after the last one, for programs that start one after the other.
 *
 * <pre>
 * (none) -- enter -----------------------> IN USE
 * IN USE -- last one leaves -------------> EMPTY
 * EMPTY  -- enter -----------------------> IN USE
 * EMPTY  -- half a second ---------------> (none)
 * </pre>
 */
final class Home {
    private static final Duration LINGER = Duration.ofMillis(500);
    private static final AtomicInteger THREADS = new AtomicInteger();

    // guarded by the class
    private static @Nullable Home shared;

    private final Hub hub = Hub.acquire();
    private final ExecutorService support = threads();
    private final AutoCloseable atExit;
    // guarded by the class
    private int users;
    private long entries;
    private final Set<ChildProcess> living = new LinkedHashSet<>();

    private Home() {
        atExit = new LastRites(this);
        ExitCleanup.addProcess(atExit);
    }

    /** One user more, who will {@link #leave}. */
    static Home enter() {
        synchronized (Home.class) {
            Home home = shared;
            if (home == null) {
                home = new Home();
                shared = home;
            }
            home.users++;
            home.entries++;
            return home;
        }
    }

    /** From any thread. */
    void leave() {
        synchronized (Home.class) {
            if (--users > 0) {
                return;
            }
            long seen = entries;
            var unused = hub.schedule(() -> support.execute(() -> endIfEmpty(seen)), LINGER);
        }
    }

    private void endIfEmpty(long seen) {
        synchronized (Home.class) {
            if (users > 0 || entries != seen) {
                return;
            }
            shared = null;
        }
        ExitCleanup.remove(atExit);
        // what still runs there is a user's
        support.shutdown();
        hub.release();
    }

    Hub hub() {
        return hub;
    }

    /** Threads for what reads files, takes time or runs user code. */
    ExecutorService support() {
        return support;
    }

    /** It counts as a child from now on. */
    void began(ChildProcess child) {
        synchronized (Home.class) {
            living.add(child);
        }
    }

    /** It does not any more. */
    void ended(ChildProcess child) {
        synchronized (Home.class) {
            living.remove(child);
        }
    }

    /** Those that live, the oldest first. */
    static List<ChildProcess> livingNow() {
        synchronized (Home.class) {
            return shared == null ? List.of() : new ArrayList<>(shared.living);
        }
    }

    List<ChildProcess> living() {
        synchronized (Home.class) {
            return new ArrayList<>(living);
        }
    }

    private static ExecutorService threads() {
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), action -> {
            Thread thread = new Thread(action, "multijvm-processes-" + THREADS.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
