// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.worker.shared.DirectCalls;
import io.multijvm.worker.shared.FaceMethods;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A manager's maps, sets, lists and own objects, and the threads in which their calls are done. Thread-safe. */
final class CollectionMaker {
    private static final long IDLE_SECONDS = 1;

    private final EventLoop loop;
    private final OwnersCodec codec;
    /** One for each collection that is at work just now. */
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), this::thread);

    private final Map<Long, CollectionAtOwner> open = new ConcurrentHashMap<>();

    CollectionMaker(EventLoop loop, OwnersCodec codec) {
        this.loop = loop;
        this.codec = codec;
    }

    /** Functions run there: they find what the program finds that started the manager. */
    private Thread thread(Runnable work) {
        Thread thread = new OfManager(work);
        thread.setDaemon(true);
        thread.setContextClassLoader(codec.values().loader());
        return thread;
    }

    private static final class OfManager extends Thread {
        OfManager(Runnable work) {
            super(work, "multijvm-collection");
        }
    }

    /** Whether this thread is one of a manager's, which runs what its users have written. */
    static boolean isOfManager() {
        return Thread.currentThread() instanceof OfManager;
    }

    CollectionAtOwner make(ObjectKind kind, long id) {
        return opened(
                id,
                kind == ObjectKind.LIST
                        ? new ListAtOwner(id, loop, threads, codec)
                        : new KeyedAtOwner(id, loop, threads, codec));
    }

    /**
     * An object of a user's class.
     *
     * @param ended after its own {@code close}
     */
    CollectionAtOwner make(long id, FaceMethods methods, Object object, Runnable ended) {
        codec.trust(object);
        codec.trustTypes(methods);
        return opened(id, new OwnAtOwner(id, loop, threads, codec, methods, object, ended));
    }

    private CollectionAtOwner opened(long id, CollectionAtOwner made) {
        open.put(id, made);
        return made;
    }

    /** For the owner's own program. */
    @Nullable
    DirectCalls direct(long id) {
        return open.get(id);
    }

    /** The collection or own object of that number; null if it is no more. */
    @Nullable
    CollectionAtOwner find(long id) {
        return open.get(id);
    }

    /** As the threads in which calls are done. */
    Executor threads() {
        return threads;
    }

    /** A client has ended, which may have called last after all were told of that. On the loop. */
    void forget(Client client) {
        open.values().forEach(one -> one.gone(client));
    }

    void closed(long id) {
        open.remove(id);
    }

    /** A function that still runs is interrupted. */
    void close() {
        open.clear();
        threads.shutdownNow();
    }
}
