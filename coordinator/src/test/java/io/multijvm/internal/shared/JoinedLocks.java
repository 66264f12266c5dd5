// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.wire.mapped.LockCell;
import io.multijvm.worker.shared.ClientLock;
import io.multijvm.worker.shared.LockClient;
import io.multijvm.worker.shared.LockLine;
import io.multijvm.worker.shared.LockWait;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Both sides of shared locks, with real threads and the real memory between them, and a line in which messages wait: in order on
 * each way, in any order between ways, as streams to several processes are. One thread is the event loop and the line.
 */
final class JoinedLocks implements LockPeers, AutoCloseable {
    private static final int CELLS = 64;

    /** A process is killed in the middle of this. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** A process, of threads that stop when it is killed. */
    final class Client implements LockLine {
        final int number;
        final boolean isRemote;
        final LockClient locks;
        private final Queue<Runnable> toOwner = new ConcurrentLinkedQueue<>();
        private final Queue<Runnable> fromOwner = new ConcurrentLinkedQueue<>();
        private final List<Thread> threads = new CopyOnWriteArrayList<>();
        /** After so many messages it dies. */
        private final AtomicInteger left;

        volatile boolean dead;

        private Client(int number, boolean isRemote, int messages) {
            this.number = number;
            this.isRemote = isRemote;
            this.left = new AtomicInteger(messages);
            this.locks = new LockClient(number, this);
        }

        ClientLock lock(long number, boolean reentrant) {
            Owned owned = owned(number);
            return isRemote
                    ? locks.remote(number, owned.name(), reentrant)
                    : locks.mapped(number, owned.name(), reentrant, owned.cell(), owned.generation());
        }

        CompletableFuture<Void> run(Step step) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            Thread thread = new Thread(
                    () -> {
                        try {
                            step.run();
                            done.complete(null);
                        } catch (Throwable e) {
                            if (dead) {
                                done.complete(null);
                            } else {
                                done.completeExceptionally(e);
                            }
                        }
                    },
                    "client " + number);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
            return done;
        }

        /** Its threads stop where they are; when they have, the owner hears of it. */
        void kill() {
            dead = true;
            locks.ownerGone("killed");
            Thread reaper = new Thread(() -> {
                try {
                    for (Thread thread : threads) {
                        thread.join();
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                toOwner.add(() -> owned.values().forEach(lock -> lock.lock().died(number)));
                messages.release();
            });
            reaper.setDaemon(true);
            reaper.start();
        }

        /** How many messages it has left; falls with each. */
        int left() {
            return left.get();
        }

        private void say(Runnable message) {
            if (!dead && left.decrementAndGet() == 0) {
                kill();
            }
            if (dead) {
                throw new Killed();
            }
            toOwner.add(message);
            messages.release();
        }

        private void hear(Runnable message) {
            fromOwner.add(message);
            messages.release();
        }

        @Override
        public void waitFor(long lock, LockWait wait) {
            say(() -> owned(lock).lock().waitFor(number, wait));
        }

        @Override
        public void blocked(long lock, LockWait wait) {
            say(() -> owned(lock).lock().blocked(number, wait));
        }

        @Override
        public void tryFor(long lock, long ticket, long thread) {
            say(() -> owned(lock).lock().tryFor(number, ticket, thread));
        }

        @Override
        public void released(long lock) {
            say(() -> owned(lock).lock().released());
        }

        @Override
        public void got(long lock, long ticket) {
            say(() -> owned(lock).lock().got(number, ticket));
        }

        @Override
        public void unlock(long lock, long token) {
            say(() -> owned(lock).lock().unlock(number, token));
        }

        @Override
        public void leave(long lock, long ticket) {
            say(() -> owned(lock).lock().leave(number, ticket));
        }

        @Override
        public void await(long lock, long condition, long ticket) {
            say(() -> owned(lock).lock().await(number, condition, ticket));
        }

        @Override
        public void signal(long lock, long condition, boolean all) {
            say(() -> owned(lock).lock().signal(condition, all));
        }

        @Override
        public void describe(long lock, long ticket) {
            say(() -> owned(lock).lock().describe(number, ticket));
        }

        @Override
        public void close(long lock) {
            say(() -> owned(lock).lock().close());
        }

        @Override
        public Object handle(long lock) {
            return new Handle(lock);
        }
    }

    interface Step {
        void run() throws Exception;
    }

    /** What crosses in a lock's place: is read as the lock of {@link #readAt}. */
    record Handle(long lock) implements Serializable {
        private static @Nullable Client readAt;

        static void readAt(Client client) {
            readAt = client;
        }

        private Object readResolve() {
            if (readAt == null) {
                throw new AssertionError("nobody reads");
            }
            return readAt.lock(lock, true);
        }
    }

    private record Owned(LockAtOwner lock, String name, LockCell cell, long generation) {}

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect((CELLS + 1) * LockCell.BYTES).alignedSlice(LockCell.BYTES);
    private final WaitGraph graph = new WaitGraph();
    private final Map<Long, Owned> owned = new ConcurrentHashMap<>();
    private final Map<Integer, Client> clients = new ConcurrentHashMap<>();
    private final Semaphore messages = new Semaphore(0);
    private final Random random;
    private final int mostDelayMicros;
    private final CompletableFuture<Void> broken = new CompletableFuture<>();
    private volatile boolean stopped;

    /**
     * Locks that talk over a line.
     *
     * @param mostDelayMicros how long a message may be under way, 0 for no longer than it takes
     */
    JoinedLocks(long seed, int mostDelayMicros) {
        this.random = new Random(seed);
        this.mostDelayMicros = mostDelayMicros;
        Thread loop = new Thread(this::carry, "line");
        loop.setDaemon(true);
        loop.start();
    }

    Client client() {
        return client(false, Integer.MAX_VALUE);
    }

    Client client(boolean remote, int messagesUntilItDies) {
        Client client = new Client(clients.size() + 1, remote, messagesUntilItDies);
        clients.put(client.number, client);
        return client;
    }

    /** The memory of all cells. */
    LockCell cell(long number) {
        return new LockCell(memory, (int) number * LockCell.BYTES);
    }

    /** Runs it on the event loop, and waits. */
    void onLoop(Runnable what) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Client any = clients.values().iterator().next();
        any.toOwner.add(() -> {
            what.run();
            done.complete(null);
        });
        messages.release();
        await(done);
    }

    /** Nothing is passed on from now until the latch is open. */
    CompletableFuture<Void> hold(CountDownLatch until) throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        clients.values().iterator().next().toOwner.add(() -> {
            begun.complete(null);
            try {
                if (until.await(20, TimeUnit.SECONDS)) {
                    ended.complete(null);
                } else {
                    ended.completeExceptionally(new AssertionError("nobody let it go on"));
                }
            } catch (InterruptedException e) {
                ended.completeExceptionally(e);
            }
        });
        messages.release();
        await(begun);
        return ended;
    }

    /** Bounded: until the lock is as said. What was said on one way may be slower than what is asked on another. */
    void until(long number, Predicate<LockReport> holds) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> {
                    CompletableFuture<LockReport> report = new CompletableFuture<>();
                    onLoop(() -> report.complete(owned(number).lock().report()));
                    return holds.test(report.getNow(null));
                });
    }

    /** Bounded; fails as soon as the line or the owner does. */
    void await(CompletableFuture<Void> done) throws Exception {
        CompletableFuture.anyOf(done, broken).get(30, TimeUnit.SECONDS);
    }

    void await(List<CompletableFuture<Void>> all) throws Exception {
        for (CompletableFuture<Void> one : new ArrayList<>(all)) {
            await(one);
        }
    }

    private Owned owned(long number) {
        return owned.computeIfAbsent(number, n -> {
            LockCell cell = cell(number);
            String name = "lock " + number;
            return new Owned(
                    new LockAtOwner(number, name, cell, this, graph, System::nanoTime), name, cell, cell.generation());
        });
    }

    private void carry() {
        try {
            while (!stopped) {
                messages.acquire();
                List<Queue<Runnable>> waiting = new ArrayList<>();
                for (Client client : clients.values()) {
                    List.of(client.toOwner, client.fromOwner).stream()
                            .filter(queue -> !queue.isEmpty())
                            .forEach(waiting::add);
                }
                if (mostDelayMicros > 0 && random.nextInt(4) == 0) {
                    LockSupport.parkNanos(random.nextInt(mostDelayMicros) * 1000L);
                }
                if (!waiting.isEmpty()) {
                    Runnable message =
                            waiting.get(random.nextInt(waiting.size())).poll();
                    if (message != null) {
                        message.run();
                    }
                }
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            broken.completeExceptionally(e);
        }
    }

    private void tell(int client, Consumer<LockClient> what) {
        Client to = clients.get(client);
        if (to != null && !to.dead) {
            to.hear(() -> what.accept(to.locks));
        }
    }

    @Override
    public void woken(int client, long ticket, boolean handOff) {
        tell(client, to -> to.woken(ticket, handOff));
    }

    @Override
    public void granted(int client, long ticket, long token, boolean previousOwnerDied) {
        tell(client, to -> to.granted(ticket, token, previousOwnerDied));
    }

    @Override
    public void refused(int client, long ticket) {
        tell(client, to -> to.refused(ticket));
    }

    @Override
    public void registered(int client, long ticket) {
        tell(client, to -> to.registered(ticket));
    }

    @Override
    public void notified(int client, long ticket) {
        tell(client, to -> to.notified(ticket));
    }

    @Override
    public void left(int client, long ticket) {
        tell(client, to -> to.left(ticket));
    }

    @Override
    public void deadlock(int client, long ticket, String message) {
        tell(client, to -> to.deadlock(ticket, message));
    }

    @Override
    public void closed(int client, long ticket) {
        tell(client, to -> to.closed(ticket));
    }

    @Override
    public void described(int client, long ticket, LockReport report) {
        tell(client, to -> to.described(ticket, report.held(), report.holder()));
    }

    @Override
    public String name(int client) {
        return "worker " + client + " (pid " + pid(client) + ")";
    }

    @Override
    public long pid(int client) {
        return ProcessHandle.current().pid();
    }

    @Override
    public boolean isRemote(int client) {
        Client known = clients.get(client);
        return known != null && known.isRemote;
    }

    @Override
    public void close() {
        stopped = true;
        messages.release();
        clients.values().forEach(client -> client.locks.ownerGone("the test is over"));
    }
}
