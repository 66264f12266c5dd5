// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.WorkerProcess;
import io.multijvm.failure.PayloadException;
import io.multijvm.shared.PipeClosedException;
import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.PipeListener;
import io.multijvm.shared.Waitable;
import io.multijvm.testkit.PromiseTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that have no manager in common connect by a key that both know, and nobody else gets in. */
@PromiseTest
class ConnectionsTest {
    private static final byte[] KEY = "something that both know".getBytes(StandardCharsets.UTF_8);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int LARGE = 16 << 20;

    @TempDir
    Path directory;

    private SocketAddress address(boolean unix) {
        return unix ? UnixDomainSocketAddress.of(directory.resolve("s")) : loopback(0);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @SuppressWarnings("try") // closing is what is tried
    void messagesCrossBothWaysAsTheWholesThatTheyAre(boolean unix) throws Exception {
        try (PipeListener<Object> listener = PipeEnd.listen(address(unix), KEY);
                PipeEnd<Object> client = PipeEnd.connect(listener.address(), KEY);
                PipeEnd<Object> server = listener.accept()) {
            client.send(List.of("a", 1));
            client.sendBytes(new byte[0]);
            assertThat(server.receive()).isEqualTo(List.of("a", 1));
            assertThat(server.receiveBytes()).isEmpty();
            assertThat(server.poll()).isFalse();
            assertThatThrownBy(() -> server.receive(SHORT)).isInstanceOf(TimeoutException.class);
            byte[] large = new byte[LARGE];
            Arrays.fill(large, LARGE / 2, LARGE, (byte) 3);
            FutureTask<Boolean> echoes = aside(() -> {
                server.sendBytes(server.receiveBytes());
                return true;
            });
            client.sendBytes(large);
            assertThat(client.receiveBytes()).isEqualTo(large);
            assertThat(within(echoes)).isTrue();
            server.close();
            assertThatThrownBy(client::receive)
                    .isInstanceOf(PipeClosedException.class)
                    .hasMessageContaining("has closed the connection, or has ended");
            assertThatThrownBy(server::receive)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("was closed by this program");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasSentAndClosedBeforeItIsAcceptedArrivesAndOneConnectionComesAfterTheOther(boolean unix)
            throws Exception {
        try (PipeListener<Object> listener = PipeEnd.listen(address(unix), KEY)) {
            for (int i = 0; i < 3; i++) {
                try (PipeEnd<Object> client = PipeEnd.connect(listener.address(), KEY)) {
                    client.send(i);
                }
            }
            for (int i = 0; i < 3; i++) {
                assertThat(Waitable.any(LONG, List.of(listener))).containsExactly(listener);
                try (PipeEnd<Object> server = listener.accept(LONG)) {
                    assertThat(server.receive()).isEqualTo(i);
                    assertThatThrownBy(server::receive).isInstanceOf(PipeClosedException.class);
                }
            }
        }
    }

    @Test
    void whoDoesNotKnowTheKeyIsRefusedOnEitherSideAndTheOthersComeInAllTheSame() throws Exception {
        try (PipeListener<Object> listener = PipeEnd.listen(address(false), KEY)) {
            assertThatThrownBy(() -> PipeEnd.connect(listener.address(), new byte[] {1}))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("does not know the key");
            try (Socket chatty = new Socket()) {
                chatty.connect(listener.address());
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 1_000; i++) {
                                chatty.getOutputStream().write(new byte[10_000]);
                            }
                        })
                        .as("no more is read of it than a proof has")
                        .isInstanceOf(IOException.class);
            }
            await().atMost(LONG).until(() -> listener.refused() == 2);
            assertThatThrownBy(() -> listener.accept(SHORT)).isInstanceOf(TimeoutException.class);
            try (PipeEnd<Object> client = PipeEnd.connect(listener.address(), KEY);
                    PipeEnd<Object> server = listener.accept()) {
                client.send("in");
                assertThat(server.receive()).isEqualTo("in");
            }
        }
        try (ServerSocket impostor = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            FutureTask<Integer> heard = aside(() -> {
                try (Socket come = impostor.accept()) {
                    come.getOutputStream().write(new byte[64]);
                    return come.getInputStream().readAllBytes().length;
                }
            });
            assertThatThrownBy(() -> PipeEnd.connect(loopback(impostor.getLocalPort()), KEY))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("does not know the key");
            assertThat(within(heard)).as("it was shown no proof").isEqualTo(40);
        }
    }

    @Test
    @SuppressWarnings("try") // closing is what is tried
    void emptyKeysWildcardsAndTakenAddressesAreRefusedAndAFileIsOursAloneAndGoes() throws Exception {
        assertThatThrownBy(() -> PipeEnd.listen(address(true), new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key is empty");
        assertThatThrownBy(() -> PipeEnd.connect(address(true), new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PipeEnd.listen(new InetSocketAddress(0), KEY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is a wildcard");
        assertThatThrownBy(() -> PipeEnd.connect(address(true), KEY)).isInstanceOf(UncheckedIOException.class);
        Path socket = directory.resolve("s");
        try (PipeListener<Object> listener = PipeEnd.listen(address(true), KEY)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThatThrownBy(() -> PipeEnd.listen(address(true), KEY))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot listen at");
            FutureTask<PipeEnd<Object>> waits = aside(listener::accept);
            assertThatThrownBy(() -> listener.accept(SHORT)).isInstanceOf(TimeoutException.class);
            listener.close();
            assertThatThrownBy(() -> within(waits)).hasMessageContaining("is closed");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void onlyWhatIsAllowedIsDecodedAndAConnectionIsNotSentOn() throws Exception {
        try (PipeListener<Object> strict = PipeEnd.listen(address(false), KEY);
                PipeListener<Object> open = PipeEnd.listen(address(false), KEY, "org.assertj.core.data");
                PipeEnd<Object> toStrict = PipeEnd.connect(strict.address(), KEY);
                PipeEnd<Object> toOpen = PipeEnd.connect(open.address(), KEY);
                PipeEnd<Object> inStrict = strict.accept();
                PipeEnd<Object> inOpen = open.accept()) {
            toStrict.send(Offset.offset(1));
            toOpen.send(Offset.offset(1));
            assertThatThrownBy(inStrict::receive)
                    .isInstanceOf(PayloadException.class)
                    .hasMessageContaining("org.assertj.core.data.Offset");
            assertThat(inOpen.receive()).isEqualTo(Offset.offset(1));
            toStrict.send("goes on");
            assertThat(inStrict.receive()).isEqualTo("goes on");
            assertThatThrownBy(() -> toOpen.send(toStrict))
                    .isInstanceOf(PayloadException.class)
                    .hasStackTraceContaining("stays in its process");
        }
    }

    @Test
    void anInterruptClosesNothingAndASenderWaitsForRoom() throws Exception {
        try (PipeListener<Object> listener = PipeEnd.listen(address(true), KEY);
                PipeEnd<Object> client = PipeEnd.connect(listener.address(), KEY);
                PipeEnd<Object> server = listener.accept()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(server::receive).isInstanceOf(InterruptedException.class);
            Thread[] sender = new Thread[1];
            FutureTask<Boolean> half = aside(() -> {
                sender[0] = Thread.currentThread();
                try {
                    client.sendBytes(new byte[LARGE]);
                    return false;
                } catch (InterruptedException e) {
                    return true;
                }
            });
            await().atMost(LONG).until(() -> PipeContract.waits(sender[0]));
            sender[0].interrupt();
            assertThat(within(half)).isTrue();
            FutureTask<Boolean> next = aside(() -> {
                client.send("whole");
                return true;
            });
            assertThat(server.receive()).isEqualTo("whole");
            assertThat(within(next)).isTrue();
        }
    }

    @Test
    void whenTheOtherProgramDiesItsWholeMessagesArriveAndThenTheEnd() throws Exception {
        Path socket = directory.resolve("s");
        String path = socket.toString();
        try (PipeListener<Object> listener = PipeEnd.listen(UnixDomainSocketAddress.of(socket), KEY);
                WorkerProcess other = WorkerProcess.start(() -> {
                    PipeEnd<Object> end = PipeEnd.connect(UnixDomainSocketAddress.of(path), KEY);
                    end.send("whole");
                    end.sendBytes(new byte[LARGE]); // never received as a whole
                })) {
            PipeEnd<Object> server = listener.accept(LONG);
            try (server) {
                assertThat(server.receive()).isEqualTo("whole");
                assertThat(server.poll(SHORT)).isFalse();
                long begin = System.nanoTime();
                other.kill();
                assertThatThrownBy(server::receiveBytes).isInstanceOf(PipeClosedException.class);
                System.out.printf(
                        "connection: its end was told %.1f ms after the other program was killed%n",
                        (System.nanoTime() - begin) / 1e6);
            }
            other.join();
        }
    }
}
