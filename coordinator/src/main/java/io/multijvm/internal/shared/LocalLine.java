// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.codec.ValueCodec;
import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.objects.CellPlace;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.Said;
import io.multijvm.worker.shared.DirectCalls;
import io.multijvm.worker.shared.OwnerLine;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The owner's own process as a client: the same words, without a stream. */
final class LocalLine extends OwnerLine implements Client.Ear {
    private final String address;
    private final EventLoop loop;
    private final ManagerHome home;
    private final CellStore cells;
    private final ValueCodec codec;
    private final LongFunction<@Nullable DirectCalls> direct;
    private final CompletableFuture<Client> self = new CompletableFuture<>();

    /**
     * @param address by which other processes come
     * @param codec for what its references hold
     * @param direct finds what can be used without the loop
     */
    LocalLine(
            String address,
            EventLoop loop,
            ManagerHome home,
            CellStore cells,
            ValueCodec codec,
            LongFunction<@Nullable DirectCalls> direct) {
        super(home.number(), home.key().secret());
        this.address = address;
        this.direct = direct;
        this.codec = codec;
        this.loop = loop;
        this.home = home;
        this.cells = cells;
        loop.execute(() -> self.complete(home.connectOwner(this)));
    }

    @Override
    public int client() {
        return Client.OWNER;
    }

    @Override
    public void say(long object, long ticket, Said said) {
        String why = goneBecause();
        if (why != null) {
            throw new IllegalStateException(why);
        }
        try {
            loop.execute(() -> hear(object, ticket, said));
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the manager is closed", e);
        }
    }

    private void hear(long object, long ticket, Said said) {
        try {
            home.said(self.join(), object, ticket, said);
        } catch (RuntimeException | Error e) { // who asks must hear of it, and the loop's log of what it is
            tell(object, ticket, new Heard.Refused("the owner failed on it: " + e));
            throw e;
        }
    }

    @Override
    public boolean leadsTo(String somewhere) {
        return address.equals(somewhere);
    }

    @Override
    protected SharedHandle seenFromHere(SharedHandle handle) {
        if (handle.address().equals(address)) {
            return handle;
        }
        return new SharedHandle(address, manager(), home.key().secret(), handle.object(), handle.kind(), handle.face());
    }

    @Override
    protected ByteBuffer map(CellPlace place) {
        return cells.memory(place.segment());
    }

    @Override
    protected ValueCodec codec() {
        return codec;
    }

    @Override
    protected @Nullable DirectCalls direct(long object) {
        return direct.apply(object);
    }

    @Override
    public void tell(long object, long ticket, Heard heard) {
        heard(object, ticket, heard);
    }

    @Override
    public void end(String why) {
        gone(why);
    }
}
