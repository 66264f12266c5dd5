// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.Ticket;
import io.multijvm.wire.v1.Bye;
import io.multijvm.wire.v1.Carried;
import io.multijvm.wire.v1.Credit;
import io.multijvm.wire.v1.Doorbell;
import io.multijvm.wire.v1.Frame;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.GivenBack;
import io.multijvm.wire.v1.Hello;
import io.multijvm.wire.v1.ItemProgress;
import io.multijvm.wire.v1.LargeResult;
import io.multijvm.wire.v1.ToWorker;
import io.multijvm.wire.v1.WorkerLinkGrpc;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Plays a worker on a real socket: says what it is told to, reads as slowly as it is told to, and may send any bytes. */
final class ScriptedClient implements AutoCloseable {
    private static final MethodDescriptor<byte[], ToWorker> CONNECT = WorkerLinkGrpc.getConnectMethod().toBuilder(
                    new RawBytes(), WorkerLinkGrpc.getConnectMethod().getResponseMarshaller())
            .build();

    final BlockingQueue<ToWorker> heard = new LinkedBlockingQueue<>();
    final CompletableFuture<Status> end = new CompletableFuture<>();
    private final EventLoopGroup loop;
    private final ManagedChannel channel;
    private final ClientCall<byte[], ToWorker> call;

    /**
     * Connects; says nothing yet.
     *
     * @param ticket what is shown, or null to show nothing
     * @param reads how many messages are read before {@link #read} asks for more
     */
    ScriptedClient(Way way, HubServer hub, @Nullable String ticket, int reads) {
        loop = way.transport.newLoop("scripted-client");
        channel = way.transport.client(hub.address(), loop).build();
        call = channel.newCall(CONNECT, CallOptions.DEFAULT);
        Metadata headers = new Metadata();
        if (ticket != null) {
            headers.put(Protocol.TICKET, ticket);
        }
        call.start(new Inbound(), headers);
        call.request(reads);
    }

    ScriptedClient(Way way, HubServer hub, @Nullable String ticket) {
        this(way, hub, ticket, Integer.MAX_VALUE);
    }

    /** A worker that has said hello, and whose listener knows it. */
    static ScriptedClient welcome(Way way, RecordingListener listener, int reads) throws Exception {
        Ticket ticket = listener.hub.register("codec", List.of(), listener);
        ScriptedClient client = new ScriptedClient(way, listener.hub, ticket.shown(), reads);
        client.hello();
        listener.port.get(30, TimeUnit.SECONDS);
        if (!client.next().hasWelcome()) {
            throw new AssertionError("the first message must be the welcome");
        }
        return client;
    }

    static ScriptedClient welcome(Way way, RecordingListener listener) throws Exception {
        return welcome(way, listener, Integer.MAX_VALUE);
    }

    void hello() {
        hello(Protocol.VERSION);
    }

    void hello(int protocol) {
        say(FromWorker.newBuilder()
                .setHello(Hello.newBuilder()
                        .setProtocol(protocol)
                        .setPid(4711)
                        .setJdk("17.0.1")
                        .setMaxHeapBytes(1 << 20)));
    }

    void say(FromWorker.Builder message) {
        say(message.build());
    }

    void say(MessageLite message) {
        say(message.toByteArray());
    }

    void say(byte[] raw) {
        call.sendMessage(raw);
    }

    void doorbell() {
        say(FromWorker.newBuilder().setDoorbell(Doorbell.newBuilder().setFinished(1)));
    }

    void givenBack(long chunkId, int from) {
        say(FromWorker.newBuilder()
                .setGivenBack(GivenBack.newBuilder().setChunkId(chunkId).setEnd(from)));
    }

    void bye(String reason) {
        say(FromWorker.newBuilder().setBye(Bye.newBuilder().setReason(reason)));
    }

    void credit(long bytes) {
        say(FromWorker.newBuilder().setCredit(Credit.newBuilder().setBytes(bytes)));
    }

    void frame(long id, long total, ByteString data) {
        say(FromWorker.newBuilder()
                .setFrame(Frame.newBuilder()
                        .setPayloadId(id)
                        .setTotalLength(total)
                        .setData(data)));
    }

    void largeResult(long chunkId, int position, int kind, long payloadId, long length) {
        say(FromWorker.newBuilder()
                .setLargeResult(LargeResult.newBuilder()
                        .setChunkId(chunkId)
                        .setPosition(position)
                        .setKind(kind)
                        .setElapsedNanos(12)
                        .setCarried(Carried.newBuilder().setPayloadId(payloadId).setLength(length))));
    }

    void progress(double fraction, String text) {
        say(FromWorker.newBuilder()
                .setItemProgress(ItemProgress.newBuilder()
                        .setChunkId(1)
                        .setFraction(fraction)
                        .setText(text)));
    }

    void halfClose() {
        call.halfClose();
    }

    void cancel() {
        call.cancel("scripted", null);
    }

    void read(int messages) {
        call.request(messages);
    }

    /** The next message that was read. */
    ToWorker next() throws InterruptedException {
        ToWorker message = heard.poll(30, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing came; the call's end: " + end.getNow(Status.OK));
        }
        return message;
    }

    Status awaitEnd() throws Exception {
        return end.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private final class Inbound extends ClientCall.Listener<ToWorker> {
        @Override
        public void onMessage(ToWorker message) {
            heard.add(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.complete(status);
        }
    }

    private record RawBytes() implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException("a client only sends these");
        }
    }
}
