// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.multijvm.internal.dispatch.WorkerListener;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.Ticket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who shows a ticket that was issued here, once each, and nobody else: before any message is parsed, and before
 * any handler runs. Thread-safe.
 */
final class Tickets implements ServerInterceptor {
    /** Who was let in, for the handler that runs next. */
    static final Context.Key<Registration> ADMITTED = Context.key("multijvm-admitted");

    private final AtomicLong lastClient = new AtomicLong();
    private final Map<Long, Registration> expected = new ConcurrentHashMap<>();

    Ticket issue(Greeting greeting, WorkerListener listener, @Nullable Sharing sharing) {
        Ticket ticket = Ticket.issue(lastClient.incrementAndGet());
        expected.put(ticket.client(), new Registration(ticket, greeting, listener, sharing));
        return ticket;
    }

    /** From now on the ticket admits nobody. Null if it was withdrawn before. */
    @Nullable
    Registration withdraw(Ticket ticket) {
        return expected.remove(ticket.client());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String shown = headers.get(Protocol.TICKET);
        if (shown == null) {
            return refuse(call, "no ticket was shown; only processes that this coordinator started may connect");
        }
        Registration registration = expected.get(Ticket.clientOf(shown));
        if (registration == null) {
            return refuse(call, "this coordinator issued no such ticket, or has withdrawn it");
        }
        if (!registration.ticket.admits(shown)) {
            return refuse(call, "the ticket is not the one that was issued for this client");
        }
        if (!registration.use()) {
            return refuse(call, "the ticket has been used already; each admits one connection");
        }
        Context admitted = Context.current().withValue(ADMITTED, registration);
        Context before = admitted.attach();
        try {
            return next.startCall(call, headers);
        } finally {
            admitted.detach(before);
        }
    }

    private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, String why) {
        call.close(Status.UNAUTHENTICATED.withDescription(why), new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
