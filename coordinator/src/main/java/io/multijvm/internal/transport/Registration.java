// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.internal.dispatch.WorkerListener;
import io.multijvm.wire.Ticket;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A client that is expected: its ticket, what it will be told, and who listens to it. */
final class Registration {
    final Ticket ticket;
    final Greeting greeting;
    final WorkerListener listener;
    /** Null if no memory is shared with it. */
    final @Nullable Sharing sharing;

    private final AtomicBoolean used = new AtomicBoolean();
    /** Confined to the event loop. */
    @Nullable
    Connection connection;

    Registration(Ticket ticket, Greeting greeting, WorkerListener listener, @Nullable Sharing sharing) {
        this.ticket = ticket;
        this.greeting = greeting;
        this.listener = listener;
        this.sharing = sharing;
    }

    /** True for the first client that asks, false for every other. */
    boolean use() {
        return used.compareAndSet(false, true);
    }
}
