// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.wire.net.Transport;
import java.time.Duration;

/** The sockets and event loops that every promise of the stream is tried on. */
enum Way {
    UNIX_EPOLL(Transport.EPOLL, HubSettings.Socket.UNIX),
    UNIX_NIO(Transport.NIO, HubSettings.Socket.UNIX),
    TCP_EPOLL(Transport.EPOLL, HubSettings.Socket.TCP),
    TCP_NIO(Transport.NIO, HubSettings.Socket.TCP);

    /** Soon over for who says nothing, and long enough for who says something on a machine that has much else to do. */
    static final Duration SHORT = Duration.ofSeconds(2);

    final Transport transport;
    private final HubSettings.Socket socket;

    Way(Transport transport, HubSettings.Socket socket) {
        this.transport = transport;
        this.socket = socket;
    }

    HubServer start(Duration helloTimeout) {
        return HubServer.start(new HubSettings(transport, socket, helloTimeout));
    }

    HubServer start() {
        return start(Duration.ofSeconds(30));
    }
}
