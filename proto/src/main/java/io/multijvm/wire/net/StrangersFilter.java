// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.net;

import java.util.List;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps out of the program's log what gRPC's server has to say, with a stack trace, of each nonsense that somebody sends before it has
 * proved who it is. Of everybody else it logs as before. What else a logger's filter held back is held back as before, too.
 *
 * @param before the filter that the logger had
 */
record StrangersFilter(@Nullable Filter before) implements Filter {
    /** Held here, for the logging system keeps a logger's filter only as long as somebody keeps the logger. */
    private static final List<Logger> SERVERS = Stream.of(
                    "io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler",
                    "io.grpc.netty.shaded.io.grpc.netty.NettyServerStream",
                    "io.grpc.netty.shaded.io.netty.channel.DefaultChannelPipeline",
                    "io.grpc.internal.SerializeReentrantCallsDirectExecutor")
            .map(Logger::getLogger)
            .toList();

    /** From now on, in this JVM. */
    static synchronized void install() {
        for (Logger server : SERVERS) {
            if (!(server.getFilter() instanceof StrangersFilter)) {
                server.setFilter(new StrangersFilter(server.getFilter()));
            }
        }
    }

    @Override
    public boolean isLoggable(LogRecord said) {
        return !StrangerGuard.isSpeaking() && (before == null || before.isLoggable(said));
    }
}
