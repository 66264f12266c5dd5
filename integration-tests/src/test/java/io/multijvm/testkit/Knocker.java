// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Tries to connect to a Unix socket and says what came of it. Needs nothing but the JDK, so that anybody can run it. */
public final class Knocker {
    private Knocker() {}

    public static void main(String[] args) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(Path.of(args[0])))) {
            System.out.println("connected: " + channel.isConnected());
        } catch (IOException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }
}
