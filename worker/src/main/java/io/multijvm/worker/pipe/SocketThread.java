// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one daemon thread of this process that waits for all sockets of its pipes. It runs while somebody has it. What it calls
 * must not wait. Thread-safe.
 *
 * <p>A thread that waits for a ring does this thread's work meanwhile if it can: woken by the socket itself it is there one
 * hand-over earlier. One thread at a time selects, under a lock. While there was such a thread a moment ago, and nobody is
 * parked, this one only looks in every millisecond; whoever parks does so because the lock is held, and who gives it back then
 * sees that somebody is parked and wakes this one.
 */
public final class SocketThread {
    private static final System.Logger LOG = System.getLogger(SocketThread.class.getName());
    /** How late a deadline may be noticed. */
    private static final long TICK_MILLIS = 500;

    private static final Object LOCK = new Object();
    // written under LOCK
    private static volatile @Nullable SocketThread running;
    private static int users;

    /** How long this thread leaves the sockets to those that wait for them. */
    private static final long AWAY_NANOS = 1_000_000;

    /** How long after the last of these it is theirs. */
    static final long RECENT_NANOS = 20_000_000;

    private static final long AT_ONCE = -1;

    private final Selector selector;
    private final Thread thread;
    private final ReentrantLock selecting = new ReentrantLock();
    /** Threads that are parked, and are woken by whoever selects. */
    private final AtomicInteger parked = new AtomicInteger();
    /** When a thread was about to wait last. */
    private volatile long wanted = System.nanoTime() - RECENT_NANOS;

    private volatile boolean ended;

    /** What happens to one channel; called by who selects, one at a time. */
    interface Socket {
        /** Something of what was asked for is possible. An exception is passed to {@link #failed}. */
        void ready(SelectionKey key) throws IOException;

        /** It is of no use any more; to be closed. */
        void failed(Exception why);

        /** When it is {@link #late}, by {@code System.nanoTime}; {@code Long.MAX_VALUE} for never. */
        default long deadline() {
            return Long.MAX_VALUE;
        }

        /** Its time is over. */
        default void late() {
            failed(new IOException("it took too long"));
        }
    }

    private SocketThread() throws IOException {
        selector = Selector.open();
        thread = new Thread(this::run, "multijvm-pipes");
        thread.setDaemon(true);
        thread.start();
    }

    /** For one user more; the thread is started if it does not run. */
    static SocketThread acquire() throws IOException {
        synchronized (LOCK) {
            SocketThread there = running;
            if (there == null) {
                there = new SocketThread();
                running = there;
            }
            users++;
            return there;
        }
    }

    /** One user less, whose channels are closed. After the last the thread ends. */
    void release() {
        synchronized (LOCK) {
            users--;
            if (users > 0) {
                return;
            }
            running = null;
        }
        ended = true;
        LockSupport.unpark(thread);
        selector.wakeup();
    }

    /** The one that runs, if any. */
    static @Nullable SocketThread running() {
        return running;
    }

    /** Watches a channel that does not block. */
    SelectionKey watch(SelectableChannel channel, int operations, Socket socket) throws ClosedChannelException {
        SelectionKey key = channel.register(selector, operations, socket);
        selector.wakeup();
        return key;
    }

    /** From now on these operations too are waited for. From any thread; does nothing for a channel that is closed. */
    void want(SelectionKey key, int operations) {
        try {
            key.interestOpsOr(operations);
            selector.wakeup();
        } catch (CancelledKeyException e) {
            // closed
        }
    }

    /** Closes a channel that may be watched. While others are waited for, the system would else keep it until one of these is ready. */
    void close(Channel channel) {
        Channels.close(channel);
        selector.wakeup();
    }

    private void run() {
        try (selector) {
            while (!ended) {
                try {
                    turn();
                } catch (OutOfMemoryError e) { // others give some back, and all sockets need this thread
                    LockSupport.parkNanos(this, AWAY_NANOS);
                }
            }
        } catch (IOException e) {
            LOG.log(Level.ERROR, "the sockets of pipes cannot be waited for any more", e);
        }
    }

    private void turn() throws IOException {
        boolean recent = System.nanoTime() - wanted < RECENT_NANOS;
        boolean leaves = recent && parked.get() == 0;
        if (leaves) {
            LockSupport.parkNanos(this, AWAY_NANOS);
        }
        if (selecting.tryLock()) {
            try {
                select(leaves ? AT_ONCE : 0);
            } finally {
                selecting.unlock();
            }
        } else if (recent) {
            LockSupport.parkNanos(this, AWAY_NANOS);
        } else {
            selecting.lock(); // until who waits there is through
            try {
                select(AT_ONCE);
            } finally {
                selecting.unlock();
            }
        }
    }

    /** @param millis 0 for no limit; or {@code AT_ONCE} */
    private void select(long millis) throws IOException {
        if (millis == AT_ONCE) {
            selector.selectNow(SocketThread::ready);
            return;
        }
        boolean deadlines = selector.keys().stream().anyMatch(key -> socket(key).deadline() != Long.MAX_VALUE);
        long most = deadlines && (millis == 0 || millis > TICK_MILLIS) ? TICK_MILLIS : millis;
        selector.select(SocketThread::ready, most);
        if (deadlines) {
            endTheLate();
        }
    }

    /**
     * Does this thread's work in the calling one, until something has happened, that one is interrupted, {@link #wakeup} is
     * called, or the time is over.
     *
     * @param unneeded looked at when nobody else selects any more
     * @return false if another does it: park then, and say so before by {@link #parks}
     */
    boolean selectHere(long nanos, BooleanSupplier unneeded) {
        wanted = System.nanoTime();
        if (ended || !selecting.tryLock()) {
            return false;
        }
        try {
            // a wake-up that came before the lock was had may have been another's who selected; from now on none can be
            if (unneeded.getAsBoolean()) {
                return true;
            }
            select(nanos == Long.MAX_VALUE ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
        } catch (IOException | ClosedSelectorException e) { // told by the thread itself
            return false;
        } finally {
            selecting.unlock();
            wanted = System.nanoTime();
            if (parked.get() > 0) {
                LockSupport.unpark(thread);
            }
        }
        return true;
    }

    /** Who selects returns. */
    void wakeup() {
        selector.wakeup();
    }

    /** A thread is about to park, before it looks at the lock for the last time. */
    void parks() {
        parked.incrementAndGet();
    }

    /** It was woken, or is no longer parked. */
    void parksNoLonger() {
        parked.decrementAndGet();
    }

    private static Socket socket(SelectionKey key) {
        return (Socket) key.attachment();
    }

    private static void ready(SelectionKey key) {
        Socket socket = socket(key);
        try {
            socket.ready(key);
        } catch (IOException | RuntimeException e) { // the others go on
            socket.failed(e);
        } catch (OutOfMemoryError e) { // for this one's message, say
            socket.failed(new IOException("there was no memory for it", e));
        }
    }

    private void endTheLate() {
        long now = System.nanoTime();
        for (SelectionKey key : List.copyOf(selector.keys())) {
            long deadline = socket(key).deadline();
            if (key.isValid() && deadline != Long.MAX_VALUE && now - deadline > 0) {
                socket(key).late();
            }
        }
    }
}
