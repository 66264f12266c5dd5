// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.file.Files;

/** What one does to channels. */
final class Channels {
    private static final System.Logger LOG = System.getLogger(Channels.class.getName());

    private Channels() {}

    /** Of a socket that was bound there, if it has one. */
    static void deleteFile(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress path) {
            try {
                Files.deleteIfExists(path.getPath());
            } catch (IOException e) {
                LOG.log(Level.WARNING, "the socket " + path + " cannot be deleted: " + e.getMessage());
            }
        }
    }

    static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a socket is closed with this process", e);
        }
    }
}
