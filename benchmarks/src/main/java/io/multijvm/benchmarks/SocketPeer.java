// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The limit of what two JVMs can do: messages go to and fro on a Unix socket, with blocking channels and nothing else. One
 * thread uses it.
 */
final class SocketPeer implements AutoCloseable {
    private static final long CONNECT_SECONDS = 30;

    private final Path directory;
    private final Process process;
    private final SocketChannel channel;
    private final ByteBuffer message = ByteBuffer.allocateDirect(SocketEcho.MESSAGE_BYTES);

    private SocketPeer(Path directory, Process process, SocketChannel channel) {
        this.directory = directory;
        this.process = process;
        this.channel = channel;
        // a blocked read then ends, too
        var unused = process.onExit().thenRun(() -> closeQuietly(channel));
    }

    static SocketPeer start() throws IOException, BenchmarkException {
        Path directory = Files.createTempDirectory("multijvm-bench");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            Process process = echo(address);
            try {
                return new SocketPeer(directory, process, accept(server));
            } catch (BenchmarkException e) {
                process.destroyForcibly();
                throw e;
            }
        } finally {
            Files.deleteIfExists(address.getPath());
        }
    }

    private static Process echo(UnixDomainSocketAddress address) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        SocketEcho.class.getName(),
                        address.getPath().toString())
                .inheritIO()
                .start();
    }

    private static SocketChannel accept(ServerSocketChannel server) throws BenchmarkException {
        CompletableFuture<SocketChannel> accepted = CompletableFuture.supplyAsync(() -> {
            try {
                return server.accept();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try {
            return accepted.get(CONNECT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new BenchmarkException("the socket's second JVM did not connect; its own messages are above", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted", e);
        }
    }

    /** The median of single round trips. */
    Measured pingPong(int trips) throws BenchmarkException {
        long[] nanos = new long[trips];
        try {
            for (int i = 0; i < trips; i++) {
                message.clear().position(SocketEcho.MESSAGE_BYTES);
                long begin = System.nanoTime();
                SocketEcho.writeWhole(channel, message);
                if (!SocketEcho.readWhole(channel, message)) {
                    throw new EOFException();
                }
                nanos[i] = System.nanoTime() - begin;
            }
        } catch (IOException e) {
            throw new BenchmarkException("the socket's second JVM is gone; its own messages are above", e);
        }
        return new Measured(PoolWork.median(nanos), 0);
    }

    @Override
    public void close() {
        closeQuietly(channel);
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            System.err.println("note: " + directory + " could not be deleted: " + e.getMessage());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // nothing was written that could be lost
        }
    }
}
