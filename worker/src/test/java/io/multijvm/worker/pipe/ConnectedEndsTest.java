// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.shared.PipeClosedException;
import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.PipeListener;
import io.multijvm.shared.Waitable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConnectedEndsTest {
    private static final byte[] KEY = {1, 2, 3};
    private static final Duration LONG = Duration.ofSeconds(20);
    /** One frame. */
    private static final int FRAME = 60_000;

    @TempDir
    Path directory;

    private static <T> FutureTask<T> aside(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "aside");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static <T> T within(FutureTask<T> task) throws Exception {
        return task.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private UnixDomainSocketAddress socket() {
        return UnixDomainSocketAddress.of(directory.resolve("s"));
    }

    /** Whether it waits at an end: parked, or at the sockets. */
    private static boolean waits(Thread thread) {
        return isIn(thread, ".PipeWaiters$Waiter");
    }

    private static boolean isIn(Thread thread, String name) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().endsWith(name));
    }

    /** Sends until it is interrupted; how many whole messages were sent. */
    private static int sendUntilInterrupted(PipeEnd<Object> end, int bytes) {
        int sent = 0;
        try {
            while (!Thread.interrupted()) {
                byte[] message = new byte[bytes];
                message[0] = (byte) sent;
                end.sendBytes(message);
                sent++;
            }
        } catch (InterruptedException e) {
            // that one was not sent
        }
        return sent;
    }

    @Test
    @SuppressWarnings("try") // closing is what is tried
    void whatWasSentByWhoWasInterruptedAndThenClosedArrivesThoughThereWasNoRoom() throws Exception {
        for (int bytes : new int[] {FRAME, 5 * FRAME}) {
            try (PipeListener<Object> listener = PipeEnd.listen(socket(), KEY);
                    PipeEnd<Object> client = PipeEnd.connect(listener.address(), KEY);
                    PipeEnd<Object> server = listener.accept()) {
                FutureTask<Integer> sends = new FutureTask<>(() -> sendUntilInterrupted(client, bytes));
                Thread sender = new Thread(sends, "aside");
                sender.start();
                await().atMost(LONG).until(() -> waits(sender));
                sender.interrupt();
                int sent = within(sends);
                client.close();
                for (int i = 0; i < sent; i++) {
                    byte[] come = server.receiveBytes();
                    assertThat(come).hasSize(bytes);
                    assertThat(come[0]).isEqualTo((byte) i);
                }
                assertThatThrownBy(server::receiveBytes).isInstanceOf(PipeClosedException.class);
            }
        }
    }

    @Test
    @SuppressWarnings("try") // it keeps the thread of the sockets at work
    void thePortOfAListenerThatIsClosedIsFreeAlsoWhileOtherSocketsAreWaitedFor() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (PipeListener<Object> other = PipeEnd.listen(socket(), KEY)) {
            PipeListener<Object> closed = PipeEnd.listen(new InetSocketAddress(here, 0), KEY);
            int port = ((InetSocketAddress) closed.address()).getPort();
            closed.close();
            await().atMost(LONG).ignoreExceptions().untilAsserted(() -> {
                try (ServerSocket again = new ServerSocket(port, 1, here)) {
                    assertThat(again.getLocalPort()).isEqualTo(port);
                }
            });
        }
    }

    @Test
    @SuppressWarnings("try") // so that both threads end
    void twoThreadsThatWaitForOneEndTogetherWithAnyAreBothWokenAndNoneWaitsForWhatIsThere() throws Exception {
        int messages = 3_000;
        try (PipeListener<Object> listener = PipeEnd.listen(socket(), KEY);
                PipeEnd<Object> client = PipeEnd.connect(listener.address(), KEY);
                PipeEnd<Object> server = listener.accept()) {
            AtomicInteger received = new AtomicInteger();
            List<FutureTask<Boolean>> both = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                both.add(aside(() -> {
                    while (true) {
                        assertThat(Waitable.any(LONG, List.of(server))).containsExactly(server);
                        try {
                            server.receive(Duration.ZERO);
                            received.incrementAndGet();
                        } catch (TimeoutException e) {
                            // the other thread has it
                        } catch (PipeClosedException e) {
                            return true;
                        }
                    }
                }));
            }
            for (int i = 1; i <= messages; i++) {
                client.send(i);
                if (i % 3 != 0) { // both wait again before the next, or not
                    long until = System.nanoTime() + LONG.toNanos();
                    while (received.get() < i && System.nanoTime() - until < 0) {
                        Thread.onSpinWait();
                    }
                    assertThat(received.get()).isEqualTo(i);
                }
            }
            client.close();
            for (FutureTask<Boolean> one : both) {
                assertThat(within(one)).isTrue();
            }
            assertThat(received).hasValue(messages);
        }
    }

    /** One of them selects in the place of the other; what wakes one must not be taken for what wakes the other. */
    @Test
    void threadsThatTakeTurnsAtTheSocketsAreAllWoken() throws Exception {
        int threads = 3;
        int rounds = 4_000;
        PipeWaiters waiters = new PipeWaiters(() -> {});
        SocketThread sockets = SocketThread.acquire();
        try {
            AtomicInteger round = new AtomicInteger();
            CyclicBarrier together = new CyclicBarrier(threads + 1);
            List<FutureTask<Long>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                all.add(aside(() -> {
                    long longest = 0;
                    for (int i = 1; i <= rounds; i++) {
                        long begin = System.nanoTime();
                        try (PipeWaiters.Waiter me = waiters.add()) {
                            while (true) {
                                me.reset();
                                if (round.get() >= i) {
                                    break;
                                }
                                me.await(TimeUnit.SECONDS.toNanos(10));
                            }
                        }
                        longest = Math.max(longest, System.nanoTime() - begin);
                        together.await(LONG.toSeconds(), TimeUnit.SECONDS);
                    }
                    return longest;
                }));
            }
            for (int i = 1; i <= rounds; i++) {
                round.set(i);
                waiters.wake();
                together.await(LONG.toSeconds(), TimeUnit.SECONDS);
            }
            List<Long> longest = new ArrayList<>();
            for (FutureTask<Long> one : all) {
                longest.add(within(one));
            }
            assertThat(TimeUnit.NANOSECONDS.toSeconds(Collections.max(longest)))
                    .as("nobody waits until its time is over")
                    .isLessThan(9);
        } finally {
            sockets.release();
        }
    }

    /** Has others connect that say nothing, until there is no room. */
    private void crowd(List<SocketChannel> silent) throws IOException {
        while (true) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.configureBlocking(false);
            try {
                boolean unused = channel.connect(socket());
            } catch (SocketException e) {
                return;
            }
            silent.add(channel);
        }
    }

    @Test
    void whoConnectsWhileTooManyDoWaitsUntilThereIsRoom() throws Exception {
        List<SocketChannel> silent = new ArrayList<>();
        try (PipeListener<Object> listener = PipeEnd.listen(socket(), KEY)) {
            await().during(Duration.ofMillis(300)).atMost(LONG).until(() -> {
                int before = silent.size();
                crowd(silent);
                return silent.size() == before;
            });
            FutureTask<PipeEnd<Object>> connects = new FutureTask<>(() -> PipeEnd.connect(listener.address(), KEY));
            Thread connecting = new Thread(connects, "aside");
            connecting.start();
            await().atMost(LONG).until(() -> connects.isDone() || isIn(connecting, ".Connections"));
            for (SocketChannel one : silent) {
                one.close();
            }
            try (PipeEnd<Object> client = within(connects);
                    PipeEnd<Object> server = listener.accept(LONG)) {
                client.send("in");
                assertThat(server.receive(LONG)).isEqualTo("in");
            }
        }
    }

    private static void connectOnce(PipeListener<Object> listener) throws Exception {
        try (PipeEnd<Object> client = PipeEnd.connect(listener.address(), KEY);
                PipeEnd<Object> server = listener.accept(LONG)) {
            client.send("once");
            assertThat(server.receive(LONG)).isEqualTo("once");
        }
    }

    @Test
    void strangersThatSayNothingKeepNobodyOut() throws Exception {
        List<SocketChannel> silent = new ArrayList<>();
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (PipeListener<Object> listener = PipeEnd.listen(any, KEY)) {
            connectOnce(listener); // what it takes has been loaded: in a crowd one who knows the key has a second
            for (int i = 0; i < 130; i++) {
                SocketChannel channel = SocketChannel.open();
                silent.add(channel);
                channel.configureBlocking(false); // the last have to wait
                boolean unused = channel.connect(listener.address());
            }
            FutureTask<PipeEnd<Object>> connects = aside(() -> PipeEnd.connect(listener.address(), KEY));
            try (PipeEnd<Object> client = within(connects);
                    PipeEnd<Object> server = listener.accept(LONG)) {
                client.send("in");
                assertThat(server.receive(LONG)).isEqualTo("in");
            }
        } finally {
            for (SocketChannel one : silent) {
                one.close();
            }
        }
    }

    /** The first bytes of a message that is longer than any array can be. */
    private static ByteBuffer frameOfNoArray() {
        return ByteBuffer.allocate(13)
                .putInt(1)
                .putInt(Integer.MAX_VALUE)
                .putInt(1)
                .put((byte) 7)
                .flip();
    }

    private SocketChannel connected() throws IOException {
        Handshake handshake = new Handshake(Handshake.key(KEY));
        SocketChannel channel = SocketChannel.open(socket());
        channel.write(ByteBuffer.wrap(handshake.hello()));
        ByteBuffer answer = ByteBuffer.allocate(Handshake.ANSWER_BYTES);
        while (answer.hasRemaining()) {
            assertThat(channel.read(answer)).isPositive();
        }
        channel.write(ByteBuffer.wrap(handshake.proof(answer.array())));
        return channel;
    }

    @Test
    void whoWaitsWithAnyIsToldThatThereIsNoMemoryForWhatComes() throws Exception {
        try (PipeListener<Object> listener = PipeEnd.listen(socket(), KEY);
                SocketChannel client = connected();
                PipeEnd<Object> server = listener.accept(LONG)) {
            FutureTask<List<PipeEnd<Object>>> waits =
                    new FutureTask<>(() -> Waitable.any(LONG.multipliedBy(3), List.of(server)));
            Thread waiting = new Thread(waits, "aside");
            waiting.setDaemon(true);
            waiting.start();
            await().atMost(LONG).until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
            client.write(frameOfNoArray());
            assertThatThrownBy(() -> within(waits)).hasCauseInstanceOf(OutOfMemoryError.class);
        }
    }
}
