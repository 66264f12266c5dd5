// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.shared.SharedPipe;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pipes by which processes call a manager's collections and own objects, each with a thread that serves it. */
final class PipedCallers implements Requests.CallPipes {
    private final EventLoop loop;
    private final PipeMaker maker;
    private final CollectionMaker collections;
    /** By the numbers of the clients that have them. The loop's. */
    private final Map<Integer, Set<SharedPipe<@Nullable Object>>> pipes = new HashMap<>();

    PipedCallers(EventLoop loop, PipeMaker maker, CollectionMaker collections) {
        this.loop = loop;
        this.maker = maker;
        this.collections = collections;
    }

    @Override
    @SuppressWarnings("unchecked") // bytes alone pass through it
    public SharedPipe<@Nullable Object> make() {
        return (SharedPipe<@Nullable Object>) maker.callPipe().face();
    }

    @Override
    public void serve(Client from, SharedPipe<@Nullable Object> pipe) {
        collections.threads().execute(() -> {
            new PipedCaller(from, pipe.right(), collections::find).serve();
            loop.executeIfUp(() -> ended(from, pipe));
        });
        pipes.computeIfAbsent(from.number(), client -> new HashSet<>()).add(pipe);
    }

    private void ended(Client from, SharedPipe<@Nullable Object> pipe) {
        Set<SharedPipe<@Nullable Object>> its = pipes.get(from.number());
        if (its != null) {
            its.remove(pipe);
        }
        if (from.state() == Client.State.GONE) {
            collections.forget(from);
        }
    }

    /** That client has certainly ended, and may never have taken its ends. On the loop. */
    void gone(int client) {
        Set<SharedPipe<@Nullable Object>> its = pipes.remove(client);
        if (its != null) {
            its.forEach(SharedPipe::close);
        }
    }
}
