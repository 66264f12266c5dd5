// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.multijvm.internal.dispatch.WorkerListener;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.Ticket;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.ToWorker;
import io.multijvm.wire.v1.Welcome;
import io.multijvm.wire.v1.WorkerLinkGrpc;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in, and who is in. A ticket admits one connection; it is checked before any message is parsed, so nothing
 * that a stranger sends reaches a parser of ours.
 */
final class Clients {
    private static final Context.Key<Client> CLIENT = Context.key("multijvm-client");

    private final EventLoop loop;
    private final AtomicLong nextClient = new AtomicLong();
    private final Map<Long, Client> expected = new ConcurrentHashMap<>();

    Clients(EventLoop loop) {
        this.loop = loop;
    }

    /** One process that may connect. */
    static final class Client {
        final Ticket ticket;
        final Welcome welcome;
        final WorkerListener listener;
        final AtomicBoolean used = new AtomicBoolean();
        /** The loop's. */
        @Nullable
        WorkerStream stream;

        Client(Ticket ticket, Welcome welcome, WorkerListener listener) {
            this.ticket = ticket;
            this.welcome = welcome;
            this.listener = listener;
        }
    }

    Ticket register(Function<Ticket, Welcome> welcome, WorkerListener listener) {
        Ticket ticket = Ticket.issue(nextClient.incrementAndGet());
        expected.put(ticket.client(), new Client(ticket, welcome.apply(ticket), listener));
        return ticket;
    }

    void withdraw(Ticket ticket) {
        Client client = expected.remove(ticket.client());
        if (client != null) {
            client.used.set(true);
            loop.execute(() -> {
                if (client.stream != null) {
                    client.stream.end(Status.CANCELLED.withDescription("the coordinator has no use for this worker"));
                }
            });
        }
    }

    /** Refuses whoever has no ticket. */
    ServerInterceptor doorkeeper() {
        return new ServerInterceptor() {
            @Override
            public <Q, S> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
                Client client = admit(headers.get(Protocol.TICKET));
                if (client == null) {
                    call.close(
                            Status.UNAUTHENTICATED.withDescription(
                                    "no valid ticket: only processes that this coordinator launched may connect, once"),
                            new Metadata());
                    return new ServerCall.Listener<>() {};
                }
                return Contexts.interceptCall(Context.current().withValue(CLIENT, client), call, headers, next);
            }
        };
    }

    private @Nullable Client admit(@Nullable String shown) {
        if (shown == null) {
            return null;
        }
        Client client = expected.get(Ticket.clientOf(shown));
        boolean valid = client != null && client.ticket.admits(shown) && client.used.compareAndSet(false, true);
        return valid ? client : null;
    }

    BindableService service() {
        return new WorkerLinkGrpc.WorkerLinkImplBase() {
            @Override
            public StreamObserver<FromWorker> connect(StreamObserver<ToWorker> out) {
                Client client = CLIENT.get();
                WorkerStream stream = new WorkerStream(client, (ServerCallStreamObserver<ToWorker>) out, loop);
                client.stream = stream;
                return stream;
            }
        };
    }
}
