// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.multijvm.internal.shared.ManagerHome;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.FromClient;
import io.multijvm.wire.v1.SharedObjectsGrpc;
import io.multijvm.wire.v1.ToClient;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The one method of {@code shared.proto}, for the managers of this JVM. Who names none of them is not let in, before any
 * message is parsed. Thread-safe.
 */
final class ObjectService extends SharedObjectsGrpc.SharedObjectsImplBase implements ServerInterceptor {
    private static final Context.Key<ManagerHome> NAMED = Context.key("multijvm-manager");
    private static final Context.Key<SocketAddress> FROM = Context.key("multijvm-from");

    private final EventLoop loop;
    private final Duration helloTimeout;
    private final @Nullable Strangers strangers;
    private final Map<String, ManagerHome> managers = new ConcurrentHashMap<>();

    /** @param strangers who has not proved itself, of programs that nobody here has started; then there is one manager at most. Null for a hub */
    ObjectService(EventLoop loop, Duration helloTimeout, @Nullable Strangers strangers) {
        this.loop = loop;
        this.strangers = strangers;
        this.helloTimeout = helloTimeout;
    }

    ServerServiceDefinition definition() {
        return ServerInterceptors.intercept(bindService(), this);
    }

    void open(ManagerHome manager) {
        managers.put(name(manager), manager);
    }

    void shut(ManagerHome manager) {
        managers.remove(name(manager));
    }

    private static String name(ManagerHome manager) {
        return Long.toHexString(manager.number());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String named = headers.get(Protocol.MANAGER);
        ManagerHome manager = named == null ? null : named(named);
        if (manager == null) {
            call.close(
                    Status.UNAUTHENTICATED.withDescription("the manager of this object is closed, or lives elsewhere"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        SocketAddress from = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        Context admitted = Context.current().withValue(NAMED, manager).withValue(FROM, from);
        Context before = admitted.attach();
        try {
            return next.startCall(call, headers);
        } finally {
            admitted.detach(before);
        }
    }

    private @Nullable ManagerHome named(String name) {
        return strangers != null && name.equals(Protocol.SERVED_MANAGER)
                ? managers.values().stream().findAny().orElse(null)
                : managers.get(name);
    }

    @Override
    public StreamObserver<FromClient> use(StreamObserver<ToClient> out) {
        Strangers among = strangers;
        SocketAddress from = FROM.get();
        ClientStream.Afar afar = among == null
                ? null
                : new ClientStream.Afar(
                        from instanceof InetSocketAddress ? " at " + from : "", () -> among.admitted(from));
        ClientStream stream =
                new ClientStream(loop, NAMED.get(), (ServerCallStreamObserver<ToClient>) out, helloTimeout, afar);
        stream.listen();
        return stream;
    }
}
