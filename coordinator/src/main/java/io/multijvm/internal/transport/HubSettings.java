// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.wire.Protocol;
import io.multijvm.wire.net.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a hub listens.
 *
 * @param transport kind of the event loop
 * @param socket kind of the socket
 * @param parents where the directory of a Unix socket may be made, best first
 * @param helloTimeout how long a client may take to say hello
 */
record HubSettings(Transport transport, Socket socket, List<Path> parents, Duration helloTimeout) {
    /** Set to {@code unix} or {@code tcp}, this system property decides. */
    static final String PROPERTY = "io.multijvm.transport";

    enum Socket {
        UNIX,
        TCP,
        /** Unix, and TCP where that does not work. */
        ANY
    }

    HubSettings {
        parents = List.copyOf(parents);
    }

    /** What the system properties and the environment of this JVM ask for. */
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
        List<Path> parents = new ArrayList<>();
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isBlank()) {
            parents.add(Path.of(runtime));
        }
        parents.add(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
        parents.add(Path.of("/tmp"));
        return new HubSettings(Transport.here(), socket, parents, Protocol.HELLO_TIMEOUT);
    }
}
