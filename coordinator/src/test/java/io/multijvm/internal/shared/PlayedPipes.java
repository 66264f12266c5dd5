// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.PipeSaid;
import io.multijvm.wire.objects.Said;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Pipes by messages: their owner, on a thread of its own, and the played processes that use them. */
final class PlayedPipes implements AutoCloseable {
    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private final Map<Long, PipeAtOwner> pipes = new HashMap<>();
    private final List<PlayedProcess> all = new ArrayList<>();
    /** What the owner has heard of. */
    private final List<PipeSaid> heard = new CopyOnWriteArrayList<>();

    private volatile boolean nothingIsReadBack;

    PlayedProcess process() {
        PlayedProcess made = new PlayedProcess(all.size() + 2, loop, this::said);
        all.add(made);
        return made;
    }

    /** On the owner's thread. */
    private void said(Client from, long object, long ticket, Said said) {
        if (said instanceof Said.Open) {
            from.tell(object, ticket, new Heard.Opened(null, 1));
        } else if (said instanceof PipeSaid.Kept && nothingIsReadBack) {
            heard.add((PipeSaid) said);
            from.tell(object, ticket, new Heard.Refused("there is no memory for it"));
        } else {
            pipes.computeIfAbsent(object, id -> new PipeAtOwner(id, null, why -> {}))
                    .said(from, ticket, said);
            if (said instanceof PipeSaid pipe) {
                heard.add(pipe);
            }
        }
    }

    /** How often the owner has done such a thing. */
    long heard(Class<? extends PipeSaid> kind) {
        return heard.stream().filter(kind::isInstance).count();
    }

    /** From now on nobody can use what was kept of a message. */
    void nothingIsReadBack() {
        nothingIsReadBack = true;
    }

    @Override
    public void close() {
        all.forEach(PlayedProcess::close);
        loop.shutdownNow();
    }
}
