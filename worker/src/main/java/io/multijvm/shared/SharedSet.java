// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A set that processes share: made by {@code Manager.set}, captured by a task or sent through another shared object. It has all
 * operations of a {@link Set}; {@code addAll}, {@code containsAll}, {@code removeAll} and {@code clear} are one trip to its owner
 * and one step. {@code retainAll} and {@code removeIf} ask in the caller, and remove what still is there some hundred elements
 * at a time. See Python's {@code Manager().set()}.
 *
 * <p>No element is null, as in {@link java.util.concurrent.ConcurrentHashMap#newKeySet}. All else that is said of the keys of a
 * {@link SharedMap}, of its iterators, of the forms that end in {@code Async}, of deaths and of {@link #close} goes for its
 * elements. What you get is a copy. Thread-safe.
 *
 * @param <E> the elements
 */
public interface SharedSet<E> extends Set<E>, AutoCloseable {
    /** As {@link #add}, without waiting for the answer. */
    CompletableFuture<Boolean> addAsync(E element);

    /** As {@link #remove}, without waiting for the answer. */
    CompletableFuture<Boolean> removeAsync(E element);

    /** As {@link #contains}, without waiting for the answer. */
    CompletableFuture<Boolean> containsAsync(E element);

    /**
     * The lock that belongs to it: reentrant, made when somebody first asks for it, the same in all processes, closed with
     * it. For what takes more than one operation. Nobody is forced to take it. Waits for the owner the first time.
     */
    SharedLock getLock();

    /** Frees it, for all processes. Closing twice does nothing; does not wait. */
    @Override
    void close();
}
