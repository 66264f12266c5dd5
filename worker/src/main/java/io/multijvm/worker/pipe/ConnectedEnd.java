// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.codec.ValueCodec;
import java.io.IOException;
import java.io.Serializable;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** An end of a connection of two programs. It stays where it is. */
final class ConnectedEnd<T extends @Nullable Object> extends PipeEndBase<T> implements Serializable {
    private static final long serialVersionUID = 1;

    private final transient ValueCodec codec;
    private final transient SocketWay way;
    private final String name;

    /**
     * @param channel connected, and proved
     * @param name as messages say it
     */
    ConnectedEnd(SocketChannel channel, SocketThread thread, ValueCodec codec, String name) throws IOException {
        this.codec = codec;
        this.name = name;
        this.way = new SocketWay(channel, thread, this::wake);
        gate().open();
    }

    private Object writeReplace() {
        throw new UnsupportedOperationException(
                this + " stays in its process: connect from the other one, or use a manager's pipe");
    }

    @Override
    protected Way enter(long nanos) {
        if (!gate().enter()) {
            throw whyShut();
        }
        return way;
    }

    @Override
    protected IllegalStateException whyShut() {
        return new IllegalStateException(this + " was closed by this program");
    }

    @Override
    protected ValueCodec codec() {
        return codec;
    }

    @Override
    public synchronized void close() {
        boolean unused = gate().shut(way::close);
        wake();
    }

    @Override
    public String toString() {
        return name;
    }
}
