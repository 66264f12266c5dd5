// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.wire.net.HubAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HubTest {
    @Test
    void allSharesAreOneHubUntilTheLastIsGivenBack() {
        Hub first = Hub.acquire();
        Hub second = Hub.acquire();
        assertThat(second.address()).isEqualTo(first.address());

        first.release();
        first.release();
        assertThat(answers(second)).isTrue();
        Hub third = Hub.acquire();
        assertThat(third.address()).isEqualTo(second.address());

        second.release();
        third.release();
        Hub fresh = Hub.acquire();
        assertThat(fresh.address()).isNotEqualTo(first.address());
        assertThat(answers(fresh)).isTrue();
        fresh.release();
    }

    @Test
    void fiftyHubsLeaveNoThreadAndNoFile() {
        Set<Path> directories = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            Hub hub = Hub.acquire();
            directories.add(directoryOf(hub.address()));
            hub.release();
        }
        assertThat(directories).hasSize(50).allMatch(Files::notExists);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("multijvm-hub")));
    }

    @Test
    void theLoopCannotReleaseTheHubItRunsOn() throws Exception {
        Hub hub = Hub.acquire();
        CompletableFuture<Void> onLoop = CompletableFuture.runAsync(hub::release, hub::execute);

        assertThatThrownBy(() -> onLoop.get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("its own event loop");
        assertThat(answers(hub)).isTrue();
        hub.release();
    }

    @Test
    void theLoopDoesNotKeepAProgramAlive() throws Exception {
        Hub hub = Hub.acquire();
        Thread loop = CompletableFuture.supplyAsync(Thread::currentThread, hub::execute)
                .get(30, TimeUnit.SECONDS);
        assertThat(loop.isDaemon()).isTrue();
        assertThat(loop.getName()).startsWith("multijvm-hub");
        hub.release();
    }

    @Test
    void whatIsScheduledRunsOnTheLoopInItsTimeUnlessItIsCancelled() throws Exception {
        Hub hub = Hub.acquire();
        AtomicBoolean cancelledRan = new AtomicBoolean();
        CompletableFuture<Boolean> inLoop = new CompletableFuture<>();
        CountDownLatch isCancelled = new CountDownLatch(1);
        hub.execute(() -> awaitQuietly(isCancelled)); // nothing runs before
        long begin = System.nanoTime();
        EventLoop.Timer cancelled = hub.schedule(() -> cancelledRan.set(true), Duration.ofMillis(20));
        cancelled.cancel();
        isCancelled.countDown();
        hub.schedule(() -> inLoop.complete(hub.inLoop()), Duration.ofMillis(50));

        assertThat(inLoop.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(50_000_000L);
        assertThat(cancelledRan).isFalse();
        assertThat(hub.inLoop()).isFalse();
        hub.release();
    }

    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"UNIX_EPOLL", "UNIX_NIO"})
    void nobodyElseCanReachTheSocketAndItIsGoneAfterwards(Way way) throws IOException {
        HubServer hub = way.start();
        Path directory = directoryOf(hub.address().toString());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(hub.address().toString().length()).isLessThanOrEqualTo("unix:".length() + 90);

        hub.stop();
        assertThat(directory).doesNotExist();
    }

    @EnabledOnOs(OS.LINUX) // elsewhere 127.0.0.2 is no address of this machine
    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"TCP_EPOLL", "TCP_NIO"})
    void onTcpItListensOnOneLoopbackAddressOnly(Way way) throws IOException {
        HubServer hub = way.start();
        try (Socket other = new Socket();
                Socket right = new Socket()) {
            int port = hub.address().port();
            assertThatThrownBy(() -> other.connect(
                            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), port), 5_000))
                    .isInstanceOf(ConnectException.class);
            right.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 5_000);
            assertThat(right.isConnected()).isTrue();
        } finally {
            hub.stop();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void tenThousandConnectionsThatSayNothingKeepNoWorkerOut(Way way) throws Exception {
        HubServer hub = way.start(Duration.ofSeconds(60));
        List<SocketChannel> silent = new ArrayList<>();
        // those of the other ways would show nothing new, and take their time
        int many = way == Way.UNIX_EPOLL ? Math.min(10_000, (descriptorLimit() - 1_000) / 2) : 1_000;
        try {
            for (int i = 0; i < many; i++) {
                silent.add(SocketChannel.open(socket(hub.address())));
            }
            RecordingListener listener = new RecordingListener(hub);
            try (ScriptedClient client = ScriptedClient.welcome(way, listener)) {
                client.doorbell();
                listener.awaitHeard("doorbell");
            }
            System.out.printf("%s: %d silent connections, and a worker is served%n", way, many);
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
            hub.stop();
        }
    }

    /** Each connection takes two, for both ends are ours. */
    private static int descriptorLimit() throws IOException {
        Path limits = Path.of("/proc/self/limits");
        if (!Files.exists(limits)) {
            return 3_000;
        }
        return Files.readAllLines(limits).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split(" +", -1)[3])
                .filter(number -> number.matches("[0-9]{1,9}"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(3_000);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whoConnectsAndSaysNothingAtAllIsCutOff(Way way) throws Exception {
        HubServer impatient = way.start(Duration.ofMillis(200));
        try (SocketChannel silent = SocketChannel.open(socket(impatient.address()))) {
            ByteBuffer said = ByteBuffer.allocate(4096);
            CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> {
                try {
                    int read;
                    do {
                        read = silent.read(said.clear());
                    } while (read >= 0);
                    return read;
                } catch (IOException e) {
                    return -1; // reset, which is an end as well
                }
            });
            assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo(-1);
        } finally {
            impatient.stop();
        }
    }

    @EnabledOnOs(OS.LINUX)
    @ParameterizedTest
    @EnumSource(Way.class)
    void noSocketListensBut127001ForTcpAndNoneForUnix(Way way) throws IOException {
        Set<String> before = listening();
        HubServer hub = way.start();
        try {
            Set<String> ours = listening();
            ours.removeAll(before);
            if (hub.address().path() == null) {
                String port = String.format("%04X", hub.address().port());
                // the address stands there as one number in this machine's byte order
                boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
                String loopback = little ? "0100007F" : "7F000001";
                // over IPv6 the same address, if the JVM has such sockets only
                String mapped = "0000000000000000" + (little ? "FFFF0000" : "0000FFFF") + loopback;
                assertThat(ours).hasSize(1).first().isIn(loopback + ":" + port, mapped + ":" + port);
            } else {
                assertThat(ours).isEmpty();
            }
        } finally {
            hub.stop();
        }
    }

    /** Addresses and ports of all TCP sockets of this process that listen. */
    private static Set<String> listening() throws IOException {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : open) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith("socket:[")) {
                        inodes.add(target.substring(8, target.length() - 1));
                    }
                } catch (IOException e) {
                    // closed since it was listed
                }
            }
        }
        Set<String> found = new HashSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            Path file = Path.of("/proc/self/net", table);
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    String[] fields = line.strip().split(" +", -1);
                    if (fields.length > 9 && fields[3].equals("0A") && inodes.contains(fields[9])) {
                        found.add(fields[1]);
                    }
                }
            }
        }
        return found;
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void stoppingEndsTheLoopAtOnceAlthoughSomebodyIsStillConnected(Way way) throws Exception {
        HubServer hub = way.start();
        try (SocketChannel silent = SocketChannel.open(socket(hub.address()));
                ScriptedClient client = ScriptedClient.welcome(way, new RecordingListener(hub))) {
            long begin = System.nanoTime();
            hub.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("it has not waited in vain")
                    .isLessThan(Duration.ofSeconds(HubServer.STOP_SECONDS));
            assertThat(hub.loop().isTerminated()).isTrue();
            assertThat(client.awaitEnd().isOk()).isFalse();
            assertThat(silent.isOpen()).isTrue();
        }
    }

    @Test
    void withdrawingAfterTheEndDoesNothing() {
        HubServer hub = Way.UNIX_NIO.start();
        var ticket = hub.register("codec", List.of(), new RecordingListener(hub));
        hub.stop();
        hub.withdraw(ticket);
        hub.withdraw(ticket);
        assertThat(hub.loop().isTerminated()).isTrue();
    }

    @Test
    void theSystemPropertyChoosesTheSocketAndAMisprintIsNamed() {
        String before = System.getProperty(HubSettings.PROPERTY);
        try {
            System.setProperty(HubSettings.PROPERTY, "tcp");
            assertThat(HubSettings.ofThisJvm().socket()).isEqualTo(HubSettings.Socket.TCP);
            System.setProperty(HubSettings.PROPERTY, "unix");
            assertThat(HubSettings.ofThisJvm().socket()).isEqualTo(HubSettings.Socket.UNIX);
            System.setProperty(HubSettings.PROPERTY, "udp");
            assertThatThrownBy(HubSettings::ofThisJvm)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("io.multijvm.transport must be unix or tcp, not 'udp'");
        } finally {
            if (before == null) {
                System.clearProperty(HubSettings.PROPERTY);
            } else {
                System.setProperty(HubSettings.PROPERTY, before);
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean answers(Hub hub) {
        CountDownLatch ran = new CountDownLatch(1);
        hub.execute(ran::countDown);
        try (SocketChannel channel = SocketChannel.open(socket(HubAddress.parse(hub.address())))) {
            return ran.await(30, TimeUnit.SECONDS) && channel.isConnected();
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    private static Path directoryOf(String address) {
        return Objects.requireNonNull(
                Objects.requireNonNull(HubAddress.parse(address).path()).getParent());
    }

    private static SocketAddress socket(HubAddress address) throws IOException {
        return address.path() != null
                ? UnixDomainSocketAddress.of(address.path())
                : new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), address.port());
    }
}
