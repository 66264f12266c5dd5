// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.multijvm.wire.net.StrangerGuard;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Those that have connected over TCP and have not proved yet that they know the key. There are only so many at a time: for each
 * one more the oldest is cut off, for who knows the key has proved it within moments, however many come that do not; and each may
 * say only so much. In front of a server channel's other handlers; confined to the event loop.
 */
final class Strangers extends ChannelInboundHandlerAdapter {
    static final int MOST = 128;

    private final Map<SocketAddress, Channel> waiting = new LinkedHashMap<>();

    /** Somebody has connected. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object come) throws Exception {
        if (come instanceof Channel channel) {
            SocketAddress from = channel.remoteAddress();
            if (from instanceof InetSocketAddress) { // a Unix socket lets in this user's processes alone
                waiting.put(from, channel);
                channel.pipeline().addFirst(new StrangerGuard());
                var unused = channel.closeFuture().addListener(closed -> waiting.remove(from, channel));
            }
            if (waiting.size() > MOST) {
                cutOldest();
            }
        }
        super.channelRead(context, come);
    }

    private void cutOldest() {
        Iterator<Channel> oldest = waiting.values().iterator();
        Channel cut = oldest.next();
        oldest.remove();
        cut.unsafe().close(cut.newPromise()); // past HTTP/2's handlers, which would say goodbye and wait
    }

    /** Who connected from there has proved it. */
    void admitted(@Nullable SocketAddress from) {
        Channel proven = waiting.remove(from);
        if (proven != null) {
            proven.pipeline().remove(StrangerGuard.class);
        }
    }
}
