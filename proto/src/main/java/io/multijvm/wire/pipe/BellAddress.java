// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.pipe;

import io.multijvm.wire.net.HubAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a process listens for those that wake it: beside the socket of its manager's hub, in the directory that is this user's
 * alone.
 */
public final class BellAddress {
    private BellAddress() {}

    /**
     * Of that client of that manager; null if the hub has no Unix socket, or it is no hub's. A name of 23 characters at most, as the hub's
     * directory was chosen for.
     */
    public static @Nullable Path of(String hub, long manager, int client) {
        HubAddress at = HubAddress.parse(hub);
        Path socket = at.path();
        return socket == null || at.served()
                ? null
                : socket.resolveSibling("b" + Long.toHexString(manager) + "-" + client);
    }
}
