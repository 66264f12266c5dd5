// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.PipeListener;
import io.multijvm.wire.objects.ManagerKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Where others connect. The thread of the sockets lets them in and has them prove who they are; users' threads accept them. */
final class ListenerHere<T extends @Nullable Object> implements PipeListener<T>, SocketThread.Socket, Stranger.Fate {
    private static final System.Logger LOG = System.getLogger(ListenerHere.class.getName());
    private static final int MOST_WAITING = 64;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ServerSocketChannel open;
    private final SocketAddress address;
    private final ManagerKey key;
    private final ValueCodec codec;
    private final SocketThread thread;
    private final PipeWaiters waiters = new PipeWaiters(this::lookForActions);
    // guarded by this
    private final Set<Stranger> strangers = new HashSet<>();
    private final Deque<SocketChannel> admitted = new ArrayDeque<>();
    private @Nullable SelectionKey door;
    private long refused;
    private long tryAgain = Long.MAX_VALUE;
    private boolean closed;

    ListenerHere(SocketAddress wanted, ManagerKey key, ValueCodec codec) throws IOException {
        this.key = key;
        this.codec = codec;
        boolean unix = wanted instanceof UnixDomainSocketAddress;
        this.open = unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        SocketThread acquired = null;
        boolean bound = false;
        try {
            open.bind(wanted);
            bound = true;
            this.address = Objects.requireNonNull(open.getLocalAddress());
            if (wanted instanceof UnixDomainSocketAddress path) {
                onlyOurs(path.getPath());
            }
            open.configureBlocking(false);
            acquired = SocketThread.acquire();
            this.thread = acquired;
            watch();
        } catch (IOException | RuntimeException e) {
            Channels.close(open);
            if (bound) {
                Channels.deleteFile(wanted);
            }
            if (acquired != null) {
                acquired.release();
            }
            throw e;
        }
    }

    private synchronized void watch() throws IOException {
        door = thread.watch(open, SelectionKey.OP_ACCEPT, this);
    }

    private static void onlyOurs(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Override
    public PipeEnd<T> accept() throws InterruptedException {
        return Objects.requireNonNull(accept(Long.MAX_VALUE), "there was no limit");
    }

    @Override
    public PipeEnd<T> accept(Duration limit) throws InterruptedException, TimeoutException {
        PipeEnd<T> end = accept(PipeEndBase.nanos(limit));
        if (end == null) {
            throw new TimeoutException("nobody connected to " + this + " within " + limit.toMillis() + " ms");
        }
        return end;
    }

    private @Nullable PipeEnd<T> accept(long nanos) throws InterruptedException {
        long begin = System.nanoTime();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try (PipeWaiters.Waiter me = waiters.add()) {
            while (true) {
                me.reset();
                SocketChannel next = next();
                if (next != null) {
                    return end(next);
                }
                long left = nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - begin);
                if (left <= 0) {
                    return null;
                }
                me.await(left);
            }
        }
    }

    private synchronized @Nullable SocketChannel next() {
        requireOpen();
        SocketChannel next = admitted.poll();
        if (next != null) {
            openDoor();
        }
        return next;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    private PipeEnd<T> end(SocketChannel channel) {
        SocketThread with = null;
        try {
            with = SocketThread.acquire();
            return new ConnectedEnd<>(channel, with, codec, "a connection to " + this);
        } catch (IOException e) {
            Channels.close(channel);
            if (with != null) {
                with.release();
            }
            throw new UncheckedIOException("a connection to " + this + " broke: " + e.getMessage(), e);
        }
    }

    @Override
    public SocketAddress address() {
        return address;
    }

    @Override
    public synchronized long refused() {
        return refused;
    }

    @Override
    public synchronized boolean isReady() {
        requireOpen();
        return !admitted.isEmpty();
    }

    @Override
    public Registration whenReady(Runnable action) {
        if (isReady()) {
            action.run();
            return () -> {};
        }
        Registration registration = waiters.add(action);
        lookForActions();
        return registration;
    }

    private void lookForActions() {
        boolean ready;
        synchronized (this) {
            ready = closed || !admitted.isEmpty();
        }
        if (ready) {
            waiters.runActions();
        }
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (strangers.size() + admitted.size() >= MOST_WAITING) {
                ready.interestOps(0);
                strangers.forEach(Stranger::hurry); // those that say nothing keep nobody out for long
                return;
            }
            SocketChannel come = open.accept();
            if (come != null) {
                greet(come);
            }
        }
    }

    private void greet(SocketChannel come) {
        try {
            come.configureBlocking(false);
            if (!(address instanceof UnixDomainSocketAddress)) {
                come.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            Stranger stranger = new Stranger(come, key, this);
            strangers.add(stranger);
            SelectionKey unused = thread.watch(come, SelectionKey.OP_READ, stranger);
        } catch (IOException e) { // that one alone
            Channels.close(come);
        }
    }

    @Override
    public void admitted(Stranger stranger) {
        synchronized (this) {
            strangers.remove(stranger);
            if (closed) {
                Channels.close(stranger.channel());
                return;
            }
            admitted.add(stranger.channel());
        }
        waiters.wake();
    }

    @Override
    public synchronized void refused(Stranger stranger) {
        if (strangers.remove(stranger)) {
            refused++;
            openDoor();
        }
    }

    private void openDoor() {
        SelectionKey closedDoor = door;
        if (closedDoor != null) {
            thread.want(closedDoor, SelectionKey.OP_ACCEPT);
        }
    }

    /** It cannot accept, most often for lack of descriptors: others may give some back until it tries again. */
    @Override
    public synchronized void failed(Exception why) {
        if (!closed && door != null && door.isValid()) {
            LOG.log(Level.WARNING, this + " could not let somebody in: " + why.getMessage());
            door.interestOps(0);
            tryAgain = System.nanoTime() + PAUSE.toNanos();
        }
    }

    @Override
    public synchronized long deadline() {
        return tryAgain;
    }

    @Override
    public synchronized void late() {
        tryAgain = Long.MAX_VALUE;
        openDoor();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            strangers.forEach(stranger -> Channels.close(stranger.channel()));
            strangers.clear();
            admitted.forEach(Channels::close);
            admitted.clear();
        }
        thread.close(open);
        Channels.deleteFile(address);
        thread.release();
        waiters.wake();
    }

    @Override
    public String toString() {
        return "the listener at " + address;
    }
}
