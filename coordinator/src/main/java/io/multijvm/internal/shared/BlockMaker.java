// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.arena.WideMaker;
import io.multijvm.internal.process.SharedFiles;
import io.multijvm.internal.shared.CellStore.Cell;
import io.multijvm.shared.SharedData;
import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.mapped.ElementType;
import io.multijvm.wire.mapped.Words;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.worker.shared.NamedMemory;
import io.multijvm.worker.shared.ObjectClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Makes a manager's arrays and its raw memory, and frees what they were in. Thread-safe. */
public final class BlockMaker {
    /** More than any machine has, and few enough to count with. */
    private static final long MOST_BYTES = 1L << 52;

    private final CellStore cells;
    private final @Nullable WideMaker memory;
    private final Executor support;
    /** The same, when what was in use has rested. */
    private final Executor rested;

    private final Adder adder;

    /** Adds an object to the manager. */
    interface Adder {
        ObjectClient add(ObjectKind kind, Cell cell, BiFunction<Long, Cell, OwnedObject> make, LeftBy.Memory memory);
    }

    /**
     * @param memory null where none is shared
     * @param support for what takes the system a while
     */
    BlockMaker(CellStore cells, @Nullable WideMaker memory, Executor support, Adder adder) {
        this.cells = cells;
        this.memory = memory;
        this.support = support;
        this.rested = afterRest(support);
        this.adder = adder;
    }

    /** For what is to be freed when it has rested. */
    static Executor afterRest(Executor support) {
        return CompletableFuture.delayedExecutor(CellStore.REST.toNanos(), TimeUnit.NANOSECONDS, support);
    }

    private static SharedData seen(ObjectClient made) {
        return (SharedData) made.face();
    }

    /** @throws IllegalArgumentException if no array has that length */
    static void checkedLength(ElementType type, long length) {
        if (length < 0 || length > MOST_BYTES >> type.shift()) {
            throw new IllegalArgumentException(
                    "length " + length + " of an array must be 0 or more, and fit into memory");
        }
    }

    /**
     * An array of zeros.
     *
     * @throws UncheckedIOException if there is no room
     */
    public SharedData array(ObjectKind kind, ElementType type, long length) {
        checkedLength(type, length);
        long bytes = length << type.shift();
        if (bytes <= Storage.MOST_BYTES_IN_CELL) {
            Cell cell = cells.take(CellStore.CELL_BYTES + (int) bytes);
            return seen(block(kind, type, cell, Storage.inCell(cell, bytes)));
        }
        Cell cell = cells.take(CellStore.CELL_BYTES);
        try {
            Storage storage = memory == null
                    ? Storage.inThisProcess(bytes)
                    : Storage.inFile(cells.files().make(() -> memory.wide(Words.whole(bytes))), 0, bytes);
            return seen(block(kind, type, cell, storage));
        } catch (IOException e) {
            cells.give(cell, LeftBy.NOBODY);
            throw new UncheckedIOException("an " + kind.word() + " of length " + length + ": " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            cells.give(cell, LeftBy.NOBODY);
            throw e;
        }
    }

    /**
     * Raw memory.
     *
     * @throws UncheckedIOException if there is no room
     * @throws UnsupportedOperationException where no memory is shared
     */
    public SharedData memory(String name, long bytes) {
        if (bytes < 1 || bytes > MOST_BYTES) {
            throw new IllegalArgumentException("bytes " + bytes + " of memory must be 1 to " + MOST_BYTES);
        }
        if (memory == null) {
            throw new UnsupportedOperationException(
                    "this manager shares no memory: it is served to other programs, this system" + " has none, or "
                            + SharedFiles.PROPERTY + " switches that off; use an array, which works everywhere");
        }
        for (NamedMemory other : NamedMemory.find(NamedMemory.checked(name))) {
            throw isTaken(name, other);
        }
        Cell cell = cells.take(CellStore.CELL_BYTES);
        WideFile file;
        try {
            file = cells.files()
                    .make(() -> memory.named(
                            NamedMemory.PREFIX,
                            NamedMemory.digest(name),
                            NamedMemory.HEADER_BYTES + Words.whole(bytes)));
        } catch (IOException e) {
            cells.give(cell, LeftBy.NOBODY);
            throw new UncheckedIOException("memory '" + name + "': " + e.getMessage(), e);
        }
        Storage storage = Storage.inFile(file, NamedMemory.HEADER_BYTES, bytes);
        ObjectClient made = block(ObjectKind.MEMORY, ElementType.BYTE, cell, storage);
        try {
            file.write(0, NamedMemory.header(name, made.handle()));
        } catch (IOException e) {
            made.closeForAll();
            throw new UncheckedIOException("memory '" + name + "': " + e.getMessage(), e);
        }
        List<NamedMemory> all = NamedMemory.find(name);
        if (all.size() > 1) { // two at the same time: neither may have it
            made.closeForAll();
            throw isTaken(name, all.get(0));
        }
        return seen(made);
    }

    private static IllegalArgumentException isTaken(String name, NamedMemory other) {
        return new IllegalArgumentException("name '" + name + "' is that of memory that process " + other.ownersPid()
                + " has made; attach to it, unlink it, or take another name");
    }

    private ObjectClient block(ObjectKind kind, ElementType type, Cell cell, Storage storage) {
        return adder.add(kind, cell, (id, its) -> new BlockAtOwner(id, its, type, storage), how -> {
            cells.give(cell, how);
            WideFile file = storage.file();
            if (file == null) {
                return;
            }
            if (how == LeftBy.ALL && kind != ObjectKind.MEMORY) {
                cells.files().rest(file, rested);
            } else { // of raw memory users have views, which nobody can take from them
                free(file, how == LeftBy.NOBODY);
            }
        });
    }

    /** Not on the loop: to give a gigabyte back takes the system a while. */
    private void free(WideFile file, boolean cut) {
        try {
            support.execute(() -> file.free(cut));
        } catch (RejectedExecutionException e) { // the manager is closed, and this was never seen by anybody
            file.free(cut);
        }
    }
}
