// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedData;
import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedLock;
import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.mapped.Words;
import io.multijvm.wire.objects.BlockSaid;
import io.multijvm.wire.objects.Heard;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An array, or memory: a cell, in whose first word its owner says whether it is suspect, and a block, which lies in the cell
 * or in a file of its own. Its owner is told before this process changes any of it for the first time.
 */
abstract class BlockClient extends ObjectClient implements SharedData {
    private static final long serialVersionUID = 1;

    private transient volatile @Nullable Block block;
    private transient volatile boolean writing;

    BlockClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
    }

    /**
     * Where it is.
     *
     * @throws IllegalStateException if it was closed, or its owner is gone
     */
    final Block toRead() {
        Block known = block;
        return known != null && closedBecause() == null ? known : find(false);
    }

    /** As {@link #toRead()}; the owner knows then that this process changes it. */
    final Block toWrite() {
        Block known = block;
        return writing && known != null && closedBecause() == null ? known : find(true);
    }

    private synchronized Block find(boolean toWrite) {
        Opened it = opened();
        Block known = block;
        if (known != null && (writing || !toWrite)) {
            return known;
        }
        Heard.BlockAt at = (Heard.BlockAt) await(ask(new BlockSaid.Where(toWrite)));
        if (known == null) {
            located(at.address());
            known = new Block(parts(it, at), at.address().isEmpty() ? it.offset() + at.offset() : 0, at.bytes());
        }
        block = known;
        String closed = closedBecause();
        if (closed != null) { // and perhaps let go before it was mapped: then its address may be another's by now
            block = null;
            throw new IllegalStateException(closed);
        }
        writing |= toWrite;
        return known;
    }

    /** Where the file is that it has of its own; empty if it has none. Called once, before it is used. */
    void located(String address) {}

    private ByteBuffer @Nullable [] parts(Opened it, Heard.BlockAt at) {
        if (it.memory() == null) {
            return null;
        }
        if (at.address().isEmpty()) {
            return new ByteBuffer[] {it.memory()};
        }
        try {
            // the last bytes too are compared and set as parts of something longer
            return WideFile.map(at.address(), at.offset(), Words.whole(at.bytes()));
        } catch (IOException e) {
            throw notMapped(e);
        }
    }

    @Override
    public final boolean isSuspect() {
        Opened it = opened();
        return it.memory() == null ? suspicion().isPresent() : Words.get(it.memory(), it.offset()) != 0;
    }

    @Override
    public final Optional<String> suspicion() {
        opened();
        String text = ((Heard.Text) await(ask(new BlockSaid.Suspicion()))).text();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    @Override
    public final void clearSuspicion() {
        opened();
        await(ask(new BlockSaid.ClearSuspicion()));
    }

    @Override
    public final SharedLock getLock() {
        return itsLock();
    }

    @Override
    protected void heard(long ticket, Heard heard) {
        // all that is asked is waited for
    }

    @Override
    protected void ended(String why) {
        block = null; // unmapped by the collector, when nobody can touch it any more
    }
}
