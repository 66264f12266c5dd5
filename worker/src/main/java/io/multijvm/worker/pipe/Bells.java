// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.wire.pipe.BellAddress;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the processes that use one manager's pipes wake each other without asking it: each has a bell, a Unix socket that the
 * others connect to. A bell that cannot be rung is no loss: {@link BellTarget#notRung} goes the long way round. Thread-safe.
 */
public final class Bells implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Bells.class.getName());

    private final String hub;
    private final long manager;
    private final ManagerKey key;
    private final int client;
    private final BellTarget target;
    private final Times times;
    // guarded by this
    private final Map<Integer, BellLine> lines = new HashMap<>();
    private final Set<BellGuest> guests = new HashSet<>();
    private @Nullable SocketThread thread;
    private @Nullable ServerSocketChannel bell;
    private @Nullable SelectionKey door;
    private boolean closed;

    /**
     * What is waited for, and how long.
     *
     * @param pause before it lets others in again when it could not
     * @param admission until another's bell lets this process in
     */
    record Times(Duration pause, Duration admission) {
        static final Times USUAL = new Times(Duration.ofMillis(200), Duration.ofSeconds(1));
    }

    /**
     * Listens, if it can.
     *
     * @param hub address of the manager's
     * @param client this process's number there
     */
    public Bells(String hub, long manager, ManagerKey key, int client, BellTarget target) {
        this(hub, manager, key, client, target, Times.USUAL);
    }

    Bells(String hub, long manager, ManagerKey key, int client, BellTarget target, Times times) {
        this.hub = hub;
        this.manager = manager;
        this.key = key;
        this.client = client;
        this.target = target;
        this.times = times;
        try {
            listen();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.log(Level.DEBUG, "this process is woken by way of the owner of its pipes", e);
            close();
        }
    }

    private synchronized void listen() throws IOException {
        Path path =
                Objects.requireNonNull(BellAddress.of(hub, manager, client), "memory is shared with Unix sockets only");
        SocketThread acquired = SocketThread.acquire();
        thread = acquired;
        ServerSocketChannel opened = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        bell = opened;
        opened.bind(UnixDomainSocketAddress.of(path)).configureBlocking(false);
        door = acquired.watch(opened, SelectionKey.OP_ACCEPT, new Door(opened));
    }

    /** Who waits at that end of that pipe is to look again. */
    private static long word(long pipe, boolean right) {
        return pipe << 1 | (right ? 1 : 0);
    }

    static long pipe(long word) {
        return word >>> 1;
    }

    static boolean isRight(long word) {
        return (word & 1) != 0;
    }

    /**
     * Wakes who waits at that end.
     *
     * @param to the client that has it; 0 for nobody
     */
    void ring(int to, long pipe, boolean right) {
        if (to == client) {
            target.rung(pipe, right);
        } else if (to != 0) {
            BellLine line = line(to);
            if (line == null || !line.ring(word(pipe, right))) {
                target.notRung(pipe, right);
            }
        }
    }

    private synchronized @Nullable BellLine line(int to) {
        BellLine known = lines.get(to);
        SocketThread with = thread;
        Path path = BellAddress.of(hub, manager, to);
        if (known != null || closed || with == null || path == null) {
            return known;
        }
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.configureBlocking(false); // a thread that is interrupted would close another
            if (!channel.connect(UnixDomainSocketAddress.of(path))) {
                throw new IOException("too many wait there");
            }
            BellLine made =
                    new BellLine(channel, key, manager, with, target, line -> forget(to, line), times.admission());
            made.start();
            lines.put(to, made);
            return made;
        } catch (IOException e) {
            if (channel != null) {
                Channels.close(channel);
            }
            LOG.log(Level.DEBUG, "the bell of client " + to + " cannot be reached", e);
            return null;
        }
    }

    private synchronized void forget(int to, BellLine line) {
        boolean unused = lines.remove(to, line);
    }

    private synchronized void forget(BellGuest guest) {
        guests.remove(guest);
    }

    /** Where others come in. */
    private final class Door implements SocketThread.Socket {
        private final ServerSocketChannel open;
        private volatile long opensAgain = Long.MAX_VALUE;

        Door(ServerSocketChannel open) {
            this.open = open;
        }

        @Override
        public void ready(SelectionKey ready) throws IOException {
            SocketChannel come = open.accept();
            if (come == null) {
                return;
            }
            try {
                admit(new BellGuest(come, key, manager, target, Bells.this::forget));
            } catch (IOException e) { // that one alone
                Channels.close(come);
            }
        }

        /** It cannot accept, most often for lack of descriptors. Those that are in go on ringing; who comes waits. */
        @Override
        public void failed(Exception why) {
            LOG.log(Level.DEBUG, "the bell of this process lets nobody in for a moment", why);
            opensAgain = System.nanoTime() + times.pause().toNanos();
            setDoor(false);
        }

        @Override
        public long deadline() {
            return opensAgain;
        }

        @Override
        public void late() {
            opensAgain = Long.MAX_VALUE;
            setDoor(true);
        }
    }

    private synchronized void setDoor(boolean open) {
        SelectionKey its = door;
        if (its != null && its.isValid()) {
            its.interestOps(open ? SelectionKey.OP_ACCEPT : 0);
        }
    }

    /** What is done when nobody can be let in. */
    void cannotAccept(Exception why) {
        SelectionKey its;
        synchronized (this) {
            its = door;
        }
        if (its != null) {
            ((Door) its.attachment()).failed(why);
        }
    }

    private synchronized void admit(BellGuest guest) throws IOException {
        SocketThread with = thread;
        if (closed || with == null) {
            throw new IOException("closed");
        }
        guests.add(guest);
        with.watch(guest.channel(), SelectionKey.OP_READ, guest);
    }

    @Override
    public void close() {
        List<BellLine> ended;
        SocketThread with;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            ended = new ArrayList<>(lines.values());
            lines.clear();
            with = thread;
            guests.forEach(guest -> Channels.close(guest.channel()));
            guests.clear();
            if (bell != null) {
                Channels.close(bell);
            }
        }
        ended.forEach(BellLine::end);
        Path path = BellAddress.of(hub, manager, client);
        try {
            if (path != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the socket is deleted with its directory", e);
        }
        if (with != null) {
            with.wakeup(); // what was closed is closed when who selects has seen it
            with.release();
        }
    }
}
