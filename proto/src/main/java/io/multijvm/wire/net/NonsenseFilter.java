// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.net;

import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps out of the program's log what gRPC's server has to say of each connection that broke, with a stack trace: whoever can
 * connect to us could fill it by sending nonsense. Dropped only from our own loops, where ends are told in our own words.
 *
 * @param before the filter that the logger had
 */
record NonsenseFilter(@Nullable Filter before) implements Filter {
    /** Held here, for the logging system keeps a logger's filter only as long as somebody keeps the logger. */
    private static final Logger CONNECTIONS =
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerTransport.connections");

    /** From now on, in this JVM. */
    static synchronized void install() {
        if (!(CONNECTIONS.getFilter() instanceof NonsenseFilter)) {
            CONNECTIONS.setFilter(new NonsenseFilter(CONNECTIONS.getFilter()));
        }
    }

    @Override
    public boolean isLoggable(LogRecord said) {
        return !Transport.isOurLoop() && (before == null || before.isLoggable(said));
    }
}
