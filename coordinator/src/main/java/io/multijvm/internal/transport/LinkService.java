// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.ToWorker;
import io.multijvm.wire.v1.WorkerLinkGrpc;
import java.io.InputStream;
import java.time.Duration;

/** The one method of {@code worker.proto}, as gRPC wants it. */
final class LinkService {
    private final EventLoop loop;
    private final Duration helloTimeout;

    LinkService(EventLoop loop, Duration helloTimeout) {
        this.loop = loop;
        this.helloTimeout = helloTimeout;
    }

    ServerServiceDefinition definition() {
        MethodDescriptor<FromWorker, ToWorker> connect = WorkerLinkGrpc.getConnectMethod();
        return ServerServiceDefinition.builder(WorkerLinkGrpc.SERVICE_NAME)
                .addMethod(
                        connect.toBuilder(
                                        new Forgiving(connect.getRequestMarshaller()), connect.getResponseMarshaller())
                                .build(),
                        ServerCalls.asyncBidiStreamingCall(this::connect))
                .build();
    }

    private StreamObserver<FromWorker> connect(StreamObserver<ToWorker> out) {
        Connection connection = new Connection(
                loop,
                Tickets.ADMITTED.get(),
                (ServerCallStreamObserver<ToWorker>) out,
                StreamEnd.KEY.get(),
                helloTimeout);
        connection.listen();
        return connection;
    }

    /**
     * Reads what is no message as a message of no kind, so that the connection can end with a plain word. gRPC would throw
     * on the loop, and log it.
     */
    private record Forgiving(MethodDescriptor.Marshaller<FromWorker> strict)
            implements MethodDescriptor.Marshaller<FromWorker> {
        @Override
        public InputStream stream(FromWorker value) {
            return strict.stream(value);
        }

        @Override
        public FromWorker parse(InputStream stream) {
            try {
                return strict.parse(stream);
            } catch (StatusRuntimeException e) {
                return FromWorker.getDefaultInstance();
            }
        }
    }
}
