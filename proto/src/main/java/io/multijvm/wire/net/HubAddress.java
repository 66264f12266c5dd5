// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where one listens for processes. A hub's is {@code unix:PATH}, or {@code tcp:PORT} on the loopback address. That of a manager
 * which is served to other programs is {@code served:unix:PATH} or {@code served:tcp:HOST:PORT}; the host is a number, which
 * means the same to all who read it.
 *
 * @param path of the socket, or null
 * @param host null for that of a hub, or if there is a path
 * @param port if there is no path; 0 asks for any
 * @param served whether programs come there that nobody here has started
 */
public record HubAddress(@Nullable Path path, @Nullable String host, int port, boolean served) {
    private static final String SERVED = "served:";

    public HubAddress {
        if (path == null && (port < 0 || port > 65_535)) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        if (path == null && served != (host != null)) {
            throw new IllegalArgumentException("a hub is on the loopback address, and what is served names its host");
        }
    }

    public static HubAddress unix(Path path) {
        return new HubAddress(path, null, 0, false);
    }

    public static HubAddress tcp(int port) {
        return new HubAddress(null, null, port, false);
    }

    public static HubAddress served(Path path) {
        return new HubAddress(path, null, 0, true);
    }

    /**
     * Where a manager is served.
     *
     * @throws IllegalArgumentException if it is not resolved
     */
    public static HubAddress served(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("address " + address + " is not resolved: no such host is known");
        }
        return new HubAddress(null, address.getAddress().getHostAddress(), address.getPort(), true);
    }

    /** Reads what {@link #toString} wrote. */
    public static HubAddress parse(String text) {
        boolean served = isServed(text);
        String rest = served ? text.substring(SERVED.length()) : text;
        if (rest.startsWith("unix:")) {
            return new HubAddress(Path.of(rest.substring(5)), null, 0, served);
        }
        if (rest.startsWith("tcp:")) {
            int colon = rest.lastIndexOf(':');
            int port = Integer.parseInt(rest, colon + 1, rest.length(), 10);
            return new HubAddress(null, colon == 3 ? null : rest.substring(4, colon), port, served);
        }
        throw new IllegalArgumentException("neither unix:PATH nor tcp:PORT, nor served:tcp:HOST:PORT: " + text);
    }

    /** Whether that is where a manager is served to programs that nobody there has started. */
    public static boolean isServed(String text) {
        return text.startsWith(SERVED);
    }

    /** Where it is, if there is no path. */
    public InetSocketAddress inet() {
        try {
            // by its bytes: what "localhost" means is up to files that others write
            InetAddress at = host == null
                    ? InetAddress.getByAddress(new byte[] {127, 0, 0, 1})
                    : InetAddress.getByName(host); // a number, which nobody is asked about
            return new InetSocketAddress(at, port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + host, e);
        }
    }

    @Override
    public String toString() {
        String kind = served ? SERVED : "";
        if (path != null) {
            return kind + "unix:" + path;
        }
        return kind + "tcp:" + (host == null ? "" : host + ":") + port;
    }
}
