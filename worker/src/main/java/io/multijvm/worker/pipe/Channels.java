// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.Channel;

/** What one does to channels. */
final class Channels {
    private static final System.Logger LOG = System.getLogger(Channels.class.getName());

    private Channels() {}

    static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a socket is closed with this process", e);
        }
    }
}
