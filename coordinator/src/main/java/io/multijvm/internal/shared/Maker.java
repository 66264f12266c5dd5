// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.mapped.ElementType;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.worker.shared.FaceMethods;
import io.multijvm.worker.shared.ManagerClient;
import io.multijvm.worker.shared.ObjectClient;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes a manager's objects, in this JVM or in that of a manager to which this one has connected. Thread-safe. */
public interface Maker {
    ObjectClient event();

    ObjectClient lock(boolean reentrant);

    /** How each lock is that is held, or waited for; empty if the manager is closed. */
    List<LockReport> locks();

    ObjectClient semaphore(int permits);

    ObjectClient boundedSemaphore(int permits);

    ObjectClient latch(long count);

    /**
     * A barrier.
     *
     * @param action run aside by the last party's arrival; null for none
     */
    ObjectClient barrier(int parties, @Nullable Runnable action);

    /**
     * A value; what users see of it is its face.
     *
     * @param kind one whose face is a value
     * @param bits as an element of that type is in memory
     */
    Object value(ObjectKind kind, ElementType type, long bits);

    /** A reference to that. */
    Object reference(@Nullable Object value);

    /**
     * A collection; what users see of it is its face.
     *
     * @param kind map, set or list
     */
    Object collection(ObjectKind kind);

    /**
     * An object of a user's class; what users see of it is its face.
     *
     * @param maker of an instance of the interface
     */
    Object own(FaceMethods methods, Supplier<?> maker);

    /** Ends an object for all, if it is one of this manager's. */
    boolean free(SharedHandle handle);

    /** An array of zeros; what users see of it is its face. */
    Object array(ObjectKind kind, ElementType type, long length);

    /** Raw memory. */
    Object memory(String name, long bytes);

    /**
     * A queue; what users see of it is its face.
     *
     * @param capacity 0 for no bound
     */
    Object queue(long capacity);

    /**
     * A pipe; what users see of it is its face.
     *
     * @param bothWays if not, from left to right alone
     */
    Object pipe(boolean bothWays);

    /** The manager's names. */
    ManagerClient names();
}
