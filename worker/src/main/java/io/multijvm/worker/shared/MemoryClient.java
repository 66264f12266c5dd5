// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static io.multijvm.wire.arena.WideFile.PART_BYTES;

import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedMemory;
import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.objects.BlockSaid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Raw memory. Its views are mappings that nobody unmaps but the collector. */
final class MemoryClient extends BlockClient implements SharedMemory {
    private static final long serialVersionUID = 1;

    private transient volatile boolean closedHere;
    /** Known as soon as it is used. */
    private transient volatile @Nullable NamedMemory file;

    MemoryClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
    }

    /** Somebody in this process uses it, perhaps again. */
    void attach() {
        closedHere = false;
    }

    private Block checked(Block it) {
        if (closedHere) {
            throw new IllegalStateException(this + " was closed by this program; attach to it by its name to go on");
        }
        return it;
    }

    @Override
    void located(String address) {
        try {
            file = NamedMemory.of(Path.of(address));
        } catch (IOException e) {
            throw notMapped(new IllegalStateException(this + " is not at " + address + ": " + e.getMessage(), e));
        }
    }

    private NamedMemory file() {
        checked(toRead());
        return Objects.requireNonNull(file, "it was located");
    }

    @Override
    public String name() {
        return file().name();
    }

    @Override
    public long size() {
        return checked(toRead()).bytes();
    }

    @Override
    public ByteBuffer buffer() {
        return buffer(0, whole(checked(toRead())));
    }

    @Override
    public ByteBuffer buffer(long from, int length) {
        return view(checked(toWrite()), from, length);
    }

    @Override
    public ByteBuffer readOnly() {
        return readOnly(0, whole(checked(toRead())));
    }

    @Override
    public ByteBuffer readOnly(long from, int length) {
        ByteBuffer view = view(checked(toRead()), from, length);
        return view.asReadOnlyBuffer().order(view.order());
    }

    private int whole(Block it) {
        if (it.bytes() > Integer.MAX_VALUE) {
            throw new IllegalStateException(
                    "no buffer can hold the " + it.bytes() + " bytes of " + this + "; ask for views of parts");
        }
        return (int) it.bytes();
    }

    private ByteBuffer view(Block it, long from, int length) {
        Objects.checkFromIndexSize(from, length, it.bytes());
        if (length == 0) {
            return ByteBuffer.allocateDirect(0);
        }
        if (from / PART_BYTES == (from + length - 1) / PART_BYTES) {
            return it.slice(from, length);
        }
        try {
            return WideFile.window(file().path().toString(), NamedMemory.HEADER_BYTES + from, length);
        } catch (IOException e) {
            throw notMapped(e);
        }
    }

    @Override
    public void unlink() {
        try {
            if (closedBecause() == null) {
                opened();
                await(ask(new BlockSaid.Unlink()));
            }
        } catch (IllegalStateException e) {
            if (closedBecause() == null || owner().goneBecause() != null) {
                throw e;
            } // else another process was faster, and its name is free
        }
        closeForAll();
    }

    @Override
    public void close() {
        closedHere = true;
    }
}
