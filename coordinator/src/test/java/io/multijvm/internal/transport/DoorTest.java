// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.multijvm.wire.net.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who comes to a manager that is served, and says nothing or nonsense, is cut off; its socket is no wider than it was asked for. */
class DoorTest {
    @TempDir
    Path directory;

    private void atDoor(Transport transport, SocketAddress address, Consumer<Door> use) {
        EventLoopGroup group = transport.newLoop("door");
        try {
            Door door = Door.open(
                    new HubSettings(transport, HubSettings.Socket.ANY, Duration.ofMillis(200)), group, address);
            try {
                door.show();
                use.accept(door);
            } finally {
                door.close();
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static int listensUntilItIsCutOff(SocketChannel stranger, byte[] said) {
        try {
            stranger.write(ByteBuffer.wrap(said));
            ByteBuffer heard = ByteBuffer.allocate(4096);
            int read;
            do {
                read = stranger.read(heard.clear());
            } while (read >= 0);
            return read;
        } catch (IOException e) {
            return -1; // reset, which is an end as well
        }
    }

    /** Says that, and listens until the other side has ended it. */
    private static int saysAndIsCutOff(SocketAddress address, byte[] said) {
        return CompletableFuture.supplyAsync(() -> {
                    try (SocketChannel stranger = address instanceof UnixDomainSocketAddress
                            ? SocketChannel.open(StandardProtocolFamily.UNIX)
                            : SocketChannel.open()) {
                        stranger.connect(address);
                        return listensUntilItIsCutOff(stranger, said);
                    } catch (IOException e) {
                        throw new UncheckedIOException("nobody listens", e);
                    }
                })
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whoSaysNothingOrNonsenseIsCutOff(Transport transport) {
        for (SocketAddress asked :
                new SocketAddress[] {loopback(), UnixDomainSocketAddress.of(directory.resolve(transport.name()))}) {
            atDoor(transport, asked, door -> {
                assertThat(saysAndIsCutOff(door.address(), new byte[0])).isEqualTo(-1);
                assertThat(saysAndIsCutOff(door.address(), new byte[10_000])).isEqualTo(-1);
            });
        }
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aSocketsFileIsThisUsersAloneAndGoesUnlessAnotherHasTakenItsPlace(Transport transport) {
        Path socket = directory.resolve("s");
        atDoor(transport, UnixDomainSocketAddress.of(socket), door -> {
            try {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                        .isEqualTo("rw-------");
                assertThat(directory).isDirectoryContaining(socket::equals);
                Files.delete(socket);
                Files.writeString(socket, "another's");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThat(socket).hasContent("another's");
        assertThatThrownBy(() -> atDoor(transport, UnixDomainSocketAddress.of(socket), door -> {}))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("there is a file already");
        assertThat(socket).hasContent("another's");
        assertThat(directory.toFile().list()).containsExactly("s");
    }

    @Test
    void oneAddressIsBoundAndNoOtherIsTaken() {
        atDoor(Transport.NIO, loopback(), door -> {
            assertThat(door.forHandles())
                    .isEqualTo("served:tcp:127.0.0.1:" + ((InetSocketAddress) door.address()).getPort());
            assertThatThrownBy(() -> atDoor(Transport.NIO, door.address(), other -> {}))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot listen at");
        });
        for (SocketAddress wide :
                new SocketAddress[] {new InetSocketAddress(0), InetSocketAddress.createUnresolved("nowhere.invalid", 0)
                }) {
            assertThatThrownBy(() -> atDoor(Transport.NIO, wide, door -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is a wildcard");
        }
    }
}
