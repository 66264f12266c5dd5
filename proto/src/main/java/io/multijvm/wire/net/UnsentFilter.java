// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.net;

import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one message of gRPC's out of the program's log: when the other side ends while messages to it have not gone out,
 * gRPC's server warns, with a stack trace. For us that is how each worker ends that is killed at a bad moment, and the pool
 * tells of it in its own words. Dropped only from our own loops: a server of the program's own logs as before. What else
 * the logger's filter held back is held back as before, too.
 *
 * @param before the filter that the logger had
 */
record UnsentFilter(@Nullable Filter before) implements Filter {
    /** Held here, for the logging system keeps a logger's filter only as long as somebody keeps the logger. */
    private static final Logger SERVER = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler");

    private static final String UNSENT = "Stream closed before write could take place";

    /** From now on, in this JVM. */
    static synchronized void install() {
        if (!(SERVER.getFilter() instanceof UnsentFilter)) {
            SERVER.setFilter(new UnsentFilter(SERVER.getFilter()));
        }
    }

    @Override
    public boolean isLoggable(LogRecord said) {
        Throwable thrown = said.getThrown();
        boolean unsent = thrown != null && UNSENT.equals(thrown.getMessage()) && Transport.isOurLoop();
        return !unsent && (before == null || before.isLoggable(said));
    }
}
