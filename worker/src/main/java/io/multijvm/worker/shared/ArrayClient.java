// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.mapped.ElementType;
import io.multijvm.wire.objects.BlockSaid;
import io.multijvm.wire.objects.ElementSaid;
import io.multijvm.wire.objects.Heard;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** What arrays have in common, whatever their elements. */
abstract class ArrayClient extends BlockClient {
    private static final long serialVersionUID = 1;

    private final transient ElementType type;
    /** Threads that copy a range, for which its memory must stay; negative from its end on. */
    private final transient AtomicInteger copying = new AtomicInteger();

    ArrayClient(SharedHandle handle, OwnerLine owner, ElementType type) {
        super(handle, owner);
        this.type = type;
    }

    /** Knows the array that elements are moved from or to. */
    interface Mover {
        /**
         * Moves some.
         *
         * @param piece of the array, in its byte order
         * @param done how many were moved before
         */
        void move(ByteBuffer piece, int done, int count);
    }

    public final long length() {
        return toRead().bytes() >>> type.shift();
    }

    final long bits(ElementSaid said) {
        return ((Heard.Bits) await(ask(said))).bits();
    }

    final boolean isSo(ElementSaid said) {
        return ((Heard.IsSo) await(ask(said))).so();
    }

    final void done(ElementSaid said) {
        await(ask(said));
    }

    final void copyOut(long from, int count, Mover mover) {
        Block it = checked(toRead(), from, count);
        if (it.isMapped()) {
            VarHandle.fullFence(); // not earlier than what this thread has seen
            moveMapped(it, from, count, mover);
            VarHandle.fullFence();
            return;
        }
        for (int done = 0; done < count; ) {
            int n = piece(count - done);
            Heard.Data data = (Heard.Data) await(ask(new BlockSaid.Read(from + done, n)));
            mover.move(ByteBuffer.wrap(data.bytes()).order(ByteOrder.LITTLE_ENDIAN), done, n);
            done += n;
        }
    }

    final void copyIn(long from, int count, Mover mover) {
        Block it = checked(toWrite(), from, count);
        if (it.isMapped()) {
            VarHandle.fullFence();
            moveMapped(it, from, count, mover);
            VarHandle.fullFence(); // seen by whoever sees what this thread does next
            return;
        }
        for (int done = 0; done < count; ) {
            int n = piece(count - done);
            byte[] data = new byte[n << type.shift()];
            mover.move(ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN), done, n);
            await(ask(new BlockSaid.Write(from + done, data)));
            done += n;
        }
    }

    private int piece(int elements) {
        return Math.min(elements, BlockSaid.MOST_BYTES >>> type.shift());
    }

    private Block checked(Block it, long from, int count) {
        Objects.checkFromIndexSize(from, count, it.bytes() >>> type.shift());
        return it;
    }

    private void moveMapped(Block it, long from, int count, Mover mover) {
        if (!enter()) {
            throw new IllegalStateException(String.valueOf(closedBecause()));
        }
        try {
            for (int done = 0; done < count; ) {
                ByteBuffer piece = it.slice(it.at(from + done, type.shift()), (long) (count - done) << type.shift());
                int n = piece.capacity() >>> type.shift();
                mover.move(piece, done, n);
                done += n;
            }
        } catch (InternalError e) { // a touch behind the end of a file
            throw new IllegalStateException("the memory of " + this + " is gone: somebody has cut its file", e);
        } finally {
            leave();
        }
    }

    private boolean enter() {
        while (true) {
            int now = copying.get();
            if (now < 0) {
                return false;
            }
            if (copying.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    private void leave() {
        // the last one to leave after its end is who says so
        if (copying.decrementAndGet() == Integer.MIN_VALUE) {
            super.letGo();
        }
    }

    /** A thread may be in the middle of a range: then it says so when it is through. */
    @Override
    protected void letGo() {
        if (copying.getAndUpdate(now -> now < 0 ? now : now + Integer.MIN_VALUE) == 0) {
            super.letGo();
        }
    }

    @Override
    public final void close() {
        closeForAll();
    }
}
