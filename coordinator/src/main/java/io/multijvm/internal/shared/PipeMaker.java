// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.arena.WideMaker;
import io.multijvm.internal.shared.CellStore.Cell;
import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.pipe.BellAddress;
import io.multijvm.wire.pipe.PipeMemory;
import io.multijvm.worker.shared.ObjectClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Makes a manager's pipes, and frees their memory. Thread-safe. */
public final class PipeMaker {
    /** One call at a time is short, most often. */
    private static final int CALLS_RING_BYTES = 64 << 10;

    private final CellStore cells;
    private final @Nullable WideMaker memory;
    private final Executor support;
    private final Executor rested;
    private final LongFunction<@Nullable Path> bells;
    private final Ender ender;
    private final BlockMaker.Adder adder;

    /** Ends an object of the manager. On the loop. */
    interface Ender {
        void end(long object, String why);
    }

    /**
     * @param bells where the bell of a client is; null if it has none
     */
    PipeMaker(
            CellStore cells,
            @Nullable WideMaker memory,
            Executor support,
            LongFunction<@Nullable Path> bells,
            Ender ender,
            BlockMaker.Adder adder) {
        this.cells = cells;
        this.memory = memory;
        this.support = support;
        this.rested = BlockMaker.afterRest(support);
        this.bells = bells;
        this.ender = ender;
        this.adder = adder;
    }

    /** For {@link BellAddress}. */
    static LongFunction<@Nullable Path> bellsOf(String hub, long manager) {
        return client -> BellAddress.of(hub, manager, (int) client);
    }

    /**
     * A pipe.
     *
     * @param bothWays if not, from left to right alone
     * @throws UncheckedIOException if there is no room
     */
    public ObjectClient pipe(boolean bothWays) {
        return pipe(bothWays, PipeMemory.RING_BYTES);
    }

    /**
     * A pipe by which a process calls.
     *
     * @throws IllegalStateException if no memory is shared
     * @throws UncheckedIOException if there is no room
     */
    ObjectClient callPipe() {
        if (memory == null) {
            throw new IllegalStateException("this manager shares no memory");
        }
        return pipe(true, CALLS_RING_BYTES);
    }

    private ObjectClient pipe(boolean bothWays, int ringBytes) {
        Cell cell = cells.take(CellStore.CELL_BYTES);
        PipeAtOwner.Memory made;
        try {
            made = memory == null ? null : make(memory, bothWays, ringBytes);
        } catch (IOException e) {
            cells.give(cell, LeftBy.NOBODY);
            throw new UncheckedIOException("a pipe: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            cells.give(cell, LeftBy.NOBODY);
            throw e;
        }
        return adder.add(
                bothWays ? ObjectKind.PIPE : ObjectKind.ONE_WAY_PIPE,
                cell,
                (id, its) -> new PipeAtOwner(id, made, why -> ender.end(id, why)),
                how -> left(cell, made, how));
    }

    private PipeAtOwner.Memory make(WideMaker maker, boolean bothWays, int ringBytes) throws IOException {
        int bytes = PipeMemory.bytes(ringBytes, bothWays);
        WideFile file = cells.files().make(() -> maker.wide(bytes));
        try {
            return new PipeAtOwner.Memory(file, new PipeMemory(WideFile.window(file.address(), 0, bytes), ringBytes));
        } catch (IOException | RuntimeException | Error e) {
            file.free(true); // nobody else knows of it
            throw e;
        }
    }

    private void left(Cell cell, PipeAtOwner.@Nullable Memory made, LeftBy how) {
        cells.give(cell, how);
        if (made == null) {
            return;
        }
        if (how == LeftBy.ALL) {
            cells.files().rest(made.file(), rested);
        } else {
            aside(() -> made.file().free(how == LeftBy.NOBODY));
        }
    }

    /** A client has ended, and may have left its socket behind, whether its pipes are there or not. On the loop. */
    void unhang(int client) {
        Path bell = bells.apply(client);
        if (bell != null) {
            aside(() -> {
                try {
                    Files.deleteIfExists(bell);
                } catch (IOException e) {
                    System.getLogger(PipeMaker.class.getName())
                            .log(Level.DEBUG, "the socket is deleted with its directory", e);
                }
            });
        }
    }

    /** Not on the loop: it takes the system a while. */
    private void aside(Runnable work) {
        try {
            support.execute(work);
        } catch (RejectedExecutionException e) { // the manager is closed
            work.run();
        }
    }
}
