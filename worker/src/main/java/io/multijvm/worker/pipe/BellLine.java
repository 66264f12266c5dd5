// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.wire.objects.ManagerKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the bell of another process. Who rings writes eight bytes, in its own thread.
 *
 * <pre>
 * PROVING -- the other side's challenge has come, and was answered --> OPEN
 * any     -- it cannot be read or written any more, or is closed ---> DEAD
 * </pre>
 */
final class BellLine implements SocketThread.Socket {
    private enum State {
        PROVING,
        OPEN,
        DEAD
    }

    private final SocketChannel channel;
    private final ManagerKey key;
    private final long manager;
    private final BellTarget target;
    private final Consumer<BellLine> onDead;
    private final SocketThread thread;
    /** Read by who selects, one at a time. */
    private final ByteBuffer challenge = ByteBuffer.allocate(ManagerKey.CHALLENGE_BYTES);

    private final long deadline;
    // guarded by this
    private State state = State.PROVING;
    /** Rings that have not gone out, each once. */
    private final Deque<Long> waiting = new ArrayDeque<>();
    /** A ring of which a part has gone out. */
    private @Nullable ByteBuffer begun;

    private @Nullable SelectionKey selected;

    /** @param limit who takes longer to let us in has no descriptors left, or stands still; the owner can do it meanwhile */
    BellLine(
            SocketChannel channel,
            ManagerKey key,
            long manager,
            SocketThread thread,
            BellTarget target,
            Consumer<BellLine> onDead,
            Duration limit) {
        this.channel = channel;
        this.key = key;
        this.manager = manager;
        this.target = target;
        this.onDead = onDead;
        this.thread = thread;
        this.deadline = System.nanoTime() + limit.toNanos();
    }

    synchronized void start() throws IOException {
        selected = thread.watch(channel, SelectionKey.OP_READ, this);
    }

    /** False if it is dead. */
    boolean ring(long word) {
        synchronized (this) {
            if (state == State.DEAD) {
                return false;
            }
            if (!waiting.contains(word)) {
                waiting.add(word);
            }
            try {
                flush();
                return true;
            } catch (IOException e) {
                // also those that waited
            }
        }
        failed(new IOException("broken"));
        return true;
    }

    private void flush() throws IOException {
        while (state == State.OPEN) {
            ByteBuffer next = begun;
            if (next == null) {
                Long word = waiting.poll();
                if (word == null) {
                    return;
                }
                next = ByteBuffer.allocate(Long.BYTES).putLong(word).flip();
            }
            channel.write(next);
            begun = next.hasRemaining() ? next : null;
            if (begun != null && selected != null) {
                thread.want(selected, SelectionKey.OP_WRITE);
                return;
            }
        }
    }

    @Override
    public synchronized long deadline() {
        return state == State.PROVING ? deadline : Long.MAX_VALUE;
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        synchronized (this) {
            if (state == State.DEAD) {
                return;
            }
            if (ready.isReadable()) {
                read();
            }
            if (ready.isWritable()) {
                ready.interestOpsAnd(~SelectionKey.OP_WRITE);
                flush();
            }
        }
    }

    private void read() throws IOException {
        // nothing comes after the challenge but the end
        ByteBuffer into = state == State.PROVING ? challenge : ByteBuffer.allocate(1);
        if (channel.read(into) < 0 || state == State.OPEN) {
            throw new IOException("the other side has closed its bell");
        }
        if (!challenge.hasRemaining()) {
            byte[] proof = key.sign(ManagerKey.Side.RINGER, manager, challenge.array(), new byte[0]);
            if (channel.write(ByteBuffer.wrap(proof)) != proof.length) {
                throw new IOException("a new socket has no room");
            }
            state = State.OPEN;
            flush();
        }
    }

    @Override
    public void failed(Exception why) {
        Deque<Long> lost;
        synchronized (this) {
            if (state == State.DEAD) {
                return;
            }
            state = State.DEAD;
            lost = new ArrayDeque<>(waiting);
            ByteBuffer part = begun;
            if (part != null) {
                lost.add(part.getLong(0));
            }
            waiting.clear();
        }
        close();
        onDead.accept(this);
        lost.forEach(word -> target.notRung(Bells.pipe(word), Bells.isRight(word)));
    }

    private void close() {
        thread.close(channel);
    }

    /** Nobody is to be told. */
    void end() {
        synchronized (this) {
            state = State.DEAD;
        }
        close();
    }
}
