// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedReference;
import io.multijvm.wire.mapped.ElementType;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.worker.shared.FaceMethods;
import io.multijvm.worker.shared.ManagerClient;
import io.multijvm.worker.shared.ObjectClient;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has the objects made by a manager that another program serves. */
public final class RemoteMaker implements Maker {
    private final ManagerClient manager;

    public RemoteMaker(ManagerClient manager) {
        this.manager = manager;
    }

    @Override
    public ManagerClient names() {
        return manager;
    }

    @Override
    public ObjectClient event() {
        return manager.make(ObjectKind.EVENT, 0);
    }

    @Override
    public ObjectClient lock(boolean reentrant) {
        return manager.make(reentrant ? ObjectKind.REENTRANT_LOCK : ObjectKind.LOCK, 0);
    }

    @Override
    public List<LockReport> locks() {
        throw new UnsupportedOperationException(
                "which locks are held is told by the program that serves this manager alone: ask there");
    }

    @Override
    public ObjectClient semaphore(int permits) {
        Numbers.atLeast(0, permits, "permits");
        return manager.make(ObjectKind.SEMAPHORE, permits);
    }

    @Override
    public ObjectClient boundedSemaphore(int permits) {
        Numbers.atLeast(0, permits, "permits");
        return manager.make(ObjectKind.BOUNDED_SEMAPHORE, permits);
    }

    @Override
    public ObjectClient latch(long count) {
        Numbers.atLeast(0, count, "count");
        return manager.make(ObjectKind.LATCH, count);
    }

    @Override
    public ObjectClient barrier(int parties, @Nullable Runnable action) {
        if (action != null) {
            throw new UnsupportedOperationException(
                    "a barrier's action runs in the program that serves the manager, which"
                            + " does not know this one's code: make the barrier there and publish it, or let one party act between"
                            + " two rounds");
        }
        Numbers.atLeast(1, parties, "parties");
        return manager.make(ObjectKind.BARRIER, parties);
    }

    @Override
    public Object value(ObjectKind kind, ElementType type, long bits) {
        return manager.make(kind, bits).face();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Object reference(@Nullable Object value) {
        Object made = manager.make(ObjectKind.REFERENCE, 0).face();
        if (value != null) {
            ((SharedReference<Object>) made).set(value);
        }
        return made;
    }

    @Override
    public Object collection(ObjectKind kind) {
        return manager.make(kind, 0).face();
    }

    @Override
    public Object own(FaceMethods methods, Supplier<?> maker) {
        throw new UnsupportedOperationException("an object of " + methods.face().getTypeName()
                + " lives in the program that serves the manager: register it there and publish it,"
                + " and find it here by its interface");
    }

    @Override
    public boolean free(SharedHandle handle) {
        if (handle.manager() != manager.handle().manager()) {
            return false;
        }
        manager.line().client(handle).closeForAll();
        return true;
    }

    @Override
    public Object array(ObjectKind kind, ElementType type, long length) {
        BlockMaker.checkedLength(type, length);
        return manager.make(kind, length).face();
    }

    @Override
    public Object memory(String name, long bytes) {
        throw new UnsupportedOperationException(
                "memory '" + name + "' cannot be shared with the program that serves this"
                        + " manager: use an array, which crosses by messages, or memory of a manager that this program starts");
    }

    @Override
    public Object queue(long capacity) {
        return manager.make(ObjectKind.QUEUE, capacity).face();
    }

    @Override
    public Object pipe(boolean bothWays) {
        return manager.make(bothWays ? ObjectKind.PIPE : ObjectKind.ONE_WAY_PIPE, 0)
                .face();
    }
}
