// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.util.List;
import java.util.RandomAccess;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A list that processes share: made by {@code Manager.list}, captured by a task or sent through another shared object. It has all
 * operations of a {@link List}, and elements may be null. Its owner keeps it; an operation is a trip there and one step for all
 * processes, {@code addAll}, {@code containsAll}, {@code toArray} and {@code clear} as well. See Python's
 * {@code Manager().list()}.
 *
 * <p>What you get is a copy; changing it changes nothing until you set it. Shared objects are no copies: a list in a list is the
 * same list wherever it is read.
 *
 * <p>{@code sort}, {@code replaceAll}, {@code removeIf}, {@code removeAll} and {@code retainAll} fetch the list, run their
 * function in the caller, and change it as one step if nobody has changed it meanwhile; else they begin again, so the function
 * must change nothing else. Elements are compared by their {@code equals} at the owner, which decodes them then under the allow
 * list that {@link SharedMap} tells of.
 *
 * <p>Iterators do not fail to go on because others change the list. They go by places and fetch many elements a trip; what others insert
 * or remove before their place moves what comes behind, so that an element may come twice or not at all. Their {@code set},
 * {@code remove} and {@code add} change what is at that place then, and fail as the list's own do if there is none any more. {@code subList} is a view, of use as long as the list's
 * length is changed through it alone.
 *
 * <p>All that is said of a {@link SharedMap} about interrupts, the forms that end in {@code Async}, deaths and {@link #close}
 * goes for a list. Thread-safe, but for its iterators and sub-lists.
 *
 * @param <E> the elements
 */
public interface SharedList<E extends @Nullable Object> extends List<E>, RandomAccess, AutoCloseable {
    /** As {@link #get}, without waiting for the answer. */
    CompletableFuture<E> getAsync(int index);

    /** As {@link #set}, without waiting for the answer. */
    CompletableFuture<E> setAsync(int index, E element);

    /** As {@link #add(Object)}, without waiting for the answer. */
    CompletableFuture<@Nullable Void> addAsync(E element);

    /**
     * The lock that belongs to it: reentrant, made when somebody first asks for it, the same in all processes, closed with
     * it. For what takes more than one operation. Nobody is forced to take it. Waits for the owner the first time.
     */
    SharedLock getLock();

    /** Frees it, for all processes. Closing twice does nothing; does not wait. */
    @Override
    void close();
}
