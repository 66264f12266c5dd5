// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import io.multijvm.task.SerializableBiFunction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * A map that processes share: made by {@code Manager.map}, captured by a task or sent through another shared object. It has
 * all operations of a {@link ConcurrentMap}, each one indivisible step for all processes, but for those below. Its owner keeps
 * it; an operation is a trip there, and in the owner's own JVM a call. See Python's {@code Manager().dict()}.
 *
 * <p>What you get is a copy; changing it changes nothing until you put it back. Shared objects are no copies: a map in a map is
 * the same map wherever it is read.
 *
 * <p>A function that is given to a method of the JDK's ({@code compute}, {@code merge}, {@code computeIfAbsent} and so on) runs
 * in the caller, again and again until no other has changed the entry meanwhile, so it must change nothing else; what it
 * returns is put as one step. {@code replaceAll} does so entry by entry. A function that is given to {@code mergeAtOwner} or
 * {@code computeAtOwner} crosses and runs at the owner, once, while no other operation on this map does: one trip, whoever
 * else changes it. There it sees copies of what it captured. It must not use this map, which is an {@code IllegalStateException};
 * other shared objects it may use, in one direction: who would close a circle of functions that wait for each other's maps gets a
 * {@link io.multijvm.failure.DeadlockException}, but a way through another thread or process nobody sees, and it waits for ever.
 * One that never ends holds up this map and nothing else. If it throws, its exception is thrown to the caller and nothing has changed;
 * an {@code OutOfMemoryError} or another {@code VirtualMachineError} of the owner's JVM, or what holds one, comes as a
 * {@link io.multijvm.failure.RemoteTaskException}.
 *
 * <p>{@code putAll} and {@code clear} are one trip and one step; if a key's {@code equals} throws, nothing was put. Views are live, and removing through them or their iterators
 * changes the map; iterators fetch many entries a trip, in the order in which they were first put, give what is there all the
 * time, each once, and may or may not give what is put or removed meanwhile. {@code equals}, {@code hashCode},
 * {@code toString} and {@code size} are of one moment.
 *
 * <p>No key and no value is null: that is a {@code NullPointerException}, as with
 * {@link java.util.concurrent.ConcurrentHashMap}. Keys are compared by their {@code equals} at the owner, and so are values
 * where the JDK's methods compare them. So the owner decodes keys, under an allow list: values of the JDK, and classes from the
 * jar or directory of the class that started the manager, or of what the owner's own program has put; another is a
 * {@link io.multijvm.failure.PayloadException}, as is what cannot cross, and changes nothing. Keys must not be changed after
 * they were put, and their classes need an {@code equals} of their own.
 *
 * <p>No operation ends by an interrupt, which stays set, as with the JDK's maps. The forms that end in {@code Async} do not wait
 * for the answer: many of them cross together. They are done in the order in which one thread calls them, waiting ones
 * included. A caller waits while 1 MiB or some thousand operations of its process on this map are not answered; an interrupt
 * then cancels the future, keeps the flag, and the operation is not done. Cancelling a future undoes nothing. What depends on one
 * runs in a thread of its own, or in the thread that adds it.
 *
 * <p>When a process dies, each operation that it had called is done as a whole or not at all. Thread-safe. After
 * {@link #close}, or when its manager was closed or has died, all methods but {@code close} and {@code toString} throw an
 * {@code IllegalStateException}; that of an operation which waited for its answer says so, and it may have been done.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public interface SharedMap<K, V> extends ConcurrentMap<K, V>, AutoCloseable {
    /**
     * Puts the value if the key has none, else what the function makes of its value and this one, at the owner.
     *
     * @param function null as its result removes the entry
     * @return what the key has then; null if it has no value any more
     */
    @Nullable
    V mergeAtOwner(K key, V value, SerializableBiFunction<? super V, ? super V, ? extends @Nullable V> function);

    /**
     * Puts what the function makes of the key and its value, at the owner.
     *
     * @param function is given null if the key has no value; null as its result removes the entry
     * @return what the key has then; null if it has no value
     */
    @Nullable
    V computeAtOwner(K key, SerializableBiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function);

    /**
     * Adds to the key's value, which is a {@code Long}, and 0 if there is none: a table of counters, without a function.
     *
     * @return what it is then
     * @throws ClassCastException if it has a value that is no {@code Long}; then nothing has changed
     */
    long addAndGet(K key, long delta);

    /** As {@link #get}, without waiting for the answer. */
    CompletableFuture<@Nullable V> getAsync(K key);

    /** As {@link #put}, without waiting for the answer. */
    CompletableFuture<@Nullable V> putAsync(K key, V value);

    /** As {@link #remove(Object)}, without waiting for the answer. */
    CompletableFuture<@Nullable V> removeAsync(K key);

    /** As {@link #addAndGet}, without waiting for the answer. */
    CompletableFuture<Long> addAndGetAsync(K key, long delta);

    /** As {@link #mergeAtOwner}, without waiting for the answer. */
    CompletableFuture<@Nullable V> mergeAtOwnerAsync(
            K key, V value, SerializableBiFunction<? super V, ? super V, ? extends @Nullable V> function);

    /** As {@link #computeAtOwner}, without waiting for the answer. */
    CompletableFuture<@Nullable V> computeAtOwnerAsync(
            K key, SerializableBiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function);

    /**
     * The lock that belongs to it: reentrant, made when somebody first asks for it, the same in all processes, closed with
     * it. For what takes more than one operation. Nobody is forced to take it. Waits for the owner the first time.
     */
    SharedLock getLock();

    /** Frees it, for all processes. Closing twice does nothing; does not wait. */
    @Override
    void close();
}
