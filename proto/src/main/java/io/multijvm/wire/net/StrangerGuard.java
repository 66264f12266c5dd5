// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.net;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;

/**
 * In front of a connection's other handlers as long as nobody knows who is at its other end. Who says more than it takes to prove
 * that is cut off, for what is half said is kept; and what gRPC thinks of what it says stays out of the program's log, which whoever can
 * connect could fill. To be taken away when the proof has come. Confined to the connection's loop.
 */
public final class StrangerGuard extends ChannelInboundHandlerAdapter {
    /** All that somebody says who proves itself at once is a tenth of that. */
    static final int MOST_BYTES = 16 << 10;

    private static final ThreadLocal<Boolean> SPEAKING = new ThreadLocal<>();

    private long bytes;

    /** Whether this thread does something only because of what a stranger has said. */
    static boolean isSpeaking() {
        return Boolean.TRUE.equals(SPEAKING.get());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object said) {
        bytes += said instanceof ByteBuf data ? data.readableBytes() : 0;
        if (bytes > MOST_BYTES) {
            ReferenceCountUtil.release(said);
            context.channel().unsafe().close(context.newPromise()); // past HTTP/2's handlers, which would say goodbye
            return;
        }
        speaking(() -> context.fireChannelRead(said));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        speaking(context::fireChannelInactive); // what was half said is looked at once more
    }

    @Override
    @SuppressWarnings("deprecation") // of the other kind of handlers
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        speaking(() -> context.fireExceptionCaught(thrown));
    }

    private static void speaking(Runnable step) {
        SPEAKING.set(true);
        try {
            step.run();
        } finally {
            SPEAKING.remove();
        }
    }
}
