// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.net;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a hub listens: {@code unix:PATH}, or {@code tcp:PORT} on the loopback address.
 *
 * @param path of the socket, or null
 * @param port on 127.0.0.1, if there is no path; 0 asks for any
 */
public record HubAddress(@Nullable Path path, int port) {
    public HubAddress {
        if (path == null && (port < 0 || port > 65_535)) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }

    public static HubAddress unix(Path path) {
        return new HubAddress(path, 0);
    }

    public static HubAddress tcp(int port) {
        return new HubAddress(null, port);
    }

    /** Reads what {@link #toString} wrote. */
    public static HubAddress parse(String text) {
        if (text.startsWith("unix:")) {
            return unix(Path.of(text.substring(5)));
        }
        if (text.startsWith("tcp:")) {
            return tcp(Integer.parseInt(text, 4, text.length(), 10));
        }
        throw new IllegalArgumentException("neither unix:PATH nor tcp:PORT: " + text);
    }

    @Override
    public String toString() {
        return path != null ? "unix:" + path : "tcp:" + port;
    }
}
