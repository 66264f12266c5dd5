// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.wire.Protocol;
import io.multijvm.wire.net.Transport;
import java.time.Duration;

/**
 * How a hub listens.
 *
 * @param transport kind of the event loop
 * @param socket kind of the socket
 * @param helloTimeout how long a client may take to say hello
 */
record HubSettings(Transport transport, Socket socket, Duration helloTimeout) {
    /** Set to {@code unix} or {@code tcp}, this system property decides. */
    static final String PROPERTY = "io.multijvm.transport";

    enum Socket {
        UNIX,
        TCP,
        /** Unix, and TCP where that does not work. */
        ANY
    }

    /** What the system properties of this JVM ask for. */
    static HubSettings ofThisJvm() {
        String wanted = System.getProperty(PROPERTY, "");
        Socket socket = switch (wanted) {
            case "" -> Socket.ANY;
            case "unix" -> Socket.UNIX;
            case "tcp" -> Socket.TCP;
            default ->
                throw new IllegalArgumentException(
                        "the system property " + PROPERTY + " must be unix or tcp, not '" + wanted + "'");
        };
        return new HubSettings(Transport.here(), socket, Protocol.HELLO_TIMEOUT);
    }
}
