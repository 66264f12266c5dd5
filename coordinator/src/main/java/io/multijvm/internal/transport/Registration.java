// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.internal.dispatch.WorkerListener;
import io.multijvm.wire.Ticket;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A client that is expected: its ticket, what it will be told, and who listens to it. */
final class Registration {
    final Ticket ticket;
    final String codec;
    final List<String> jobPath;
    final WorkerListener listener;
    /** Null if no memory is shared with it. */
    final @Nullable Sharing sharing;

    private final AtomicBoolean used = new AtomicBoolean();
    /** Confined to the event loop. */
    @Nullable
    Connection connection;

    Registration(
            Ticket ticket, String codec, List<String> jobPath, WorkerListener listener, @Nullable Sharing sharing) {
        this.ticket = ticket;
        this.codec = codec;
        this.jobPath = List.copyOf(jobPath);
        this.listener = listener;
        this.sharing = sharing;
    }

    /** True for the first client that asks, false for every other. */
    boolean use() {
        return used.compareAndSet(false, true);
    }
}
