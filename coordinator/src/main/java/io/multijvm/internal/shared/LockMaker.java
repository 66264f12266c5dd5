// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.internal.shared.CellStore.Cell;
import io.multijvm.wire.mapped.LockCell;
import io.multijvm.wire.objects.Heard;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes a manager's locks, and tells how they are. Thread-safe. */
final class LockMaker {
    private final EventLoop loop;
    private final Executor support;
    private final CellStore cells;
    private final LongSupplier numbers;
    /** The loop's. */
    private final WaitGraph graph = new WaitGraph();
    /** Written once, before anything is made. */
    private volatile @Nullable ManagerHome home;

    /** @param numbers gives each object its own */
    LockMaker(EventLoop loop, Executor support, CellStore cells, LongSupplier numbers) {
        this.loop = loop;
        this.support = support;
        this.cells = cells;
        this.numbers = numbers;
    }

    /** Where the locks are added: once, before any is made. */
    void home(ManagerHome manager) {
        home = manager;
    }

    private ManagerHome home() {
        return Objects.requireNonNull(home, "set when the manager was made");
    }

    /** One that belongs to that object. For the loop, which must not wait for memory. */
    void ofObject(String object, LongConsumer made, Consumer<String> failed) {
        try {
            support.execute(() -> {
                try {
                    long lock = make("lock of " + object);
                    loop.executeIfUp(() -> made.accept(lock));
                } catch (Throwable e) { // who asks is to hear of it, whatever it is
                    loop.executeIfUp(() -> failed.accept("its lock cannot be made: " + e));
                }
            });
        } catch (RejectedExecutionException e) {
            // the manager is closed, and who asks hears of that
        } catch (OutOfMemoryError e) { // the system gives no more threads just now
            failed.accept("its lock cannot be made: " + e);
        }
    }

    /** Another lock, by its number. */
    long make() {
        return make(null);
    }

    /** @param name null for one that has its number alone */
    private long make(@Nullable String name) {
        Cell cell = cells.takeForLock();
        LockCell at = new LockCell(cell.memory(), cell.offset());
        long id = numbers.getAsLong();
        Heard.Opened opened = new Heard.Opened(cell.place(), cell.generation());
        ManagerHome manager = home();
        try {
            // made on the loop, for it is among those whose waits are watched from then on
            loop.executeAndWait(() -> manager.add(
                    id,
                    new OwnedLock(
                            id, name == null ? "lock " + id : name, at, cell.place() != null, graph, manager::client),
                    opened,
                    how -> cells.giveOfLock(cell, how)));
        } catch (RejectedExecutionException e) {
            cells.giveOfLock(cell, LeftBy.NOBODY);
            throw ManagerCore.closed(e);
        }
        return id;
    }

    /** How each lock is that is held, or waited for; empty if the manager is closed. */
    List<LockReport> all() {
        CompletableFuture<List<LockReport>> found = new CompletableFuture<>();
        try {
            loop.execute(() -> found.completeAsync(
                    () -> home().all(OwnedLock.class).stream()
                            .map(OwnedLock::report)
                            .filter(report -> report.held() || !report.waiters().isEmpty())
                            .toList(),
                    Runnable::run));
        } catch (RejectedExecutionException e) {
            return List.of();
        }
        return found.join();
    }
}
