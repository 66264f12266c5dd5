// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.stub.StreamObserver;
import io.multijvm.codec.AllowList;
import io.multijvm.codec.ForyCodec;
import io.multijvm.codec.PackedType;
import io.multijvm.codec.PackedValues;
import io.multijvm.codec.ValueCodec;
import io.multijvm.task.SerializableFunction;
import io.multijvm.wire.Bootstrap;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.Ticket;
import io.multijvm.wire.mapped.RecorderFile;
import io.multijvm.wire.mapped.RecorderReader;
import io.multijvm.wire.net.HubAddress;
import io.multijvm.wire.net.Transport;
import io.multijvm.wire.v1.Carried;
import io.multijvm.wire.v1.Chunk;
import io.multijvm.wire.v1.Chunks;
import io.multijvm.wire.v1.Credit;
import io.multijvm.wire.v1.Frame;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.Payload;
import io.multijvm.wire.v1.Recall;
import io.multijvm.wire.v1.Task;
import io.multijvm.wire.v1.ToWorker;
import io.multijvm.wire.v1.Welcome;
import io.multijvm.wire.v1.WorkerLinkGrpc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The least of a coordinator: one real worker process, and a server that keeps what it says. */
final class TestCoordinator implements AutoCloseable {
    private static final Context.Key<String> SHOWN = Context.key("shown");

    final Ticket ticket = Ticket.issue(7);
    final ValueCodec codec =
            new ValueCodec(new ForyCodec(), TestCoordinator.class.getClassLoader(), AllowList.everything());
    final RecorderReader recorder;
    final Process worker;
    final BlockingQueue<FromWorker> heard = new LinkedBlockingQueue<>();
    /** Read but not asked for. */
    private final List<@Nullable Object> values = new ArrayList<>();

    private final Welcome welcome;
    private final Path errors;
    private final EventLoopGroup loop;
    private final Server server;
    private volatile @Nullable StreamObserver<ToWorker> out;
    private volatile @Nullable String shown;
    private long nextId;

    TestCoordinator(Path directory, List<String> flags) throws IOException {
        this(directory, flags, Protocol.VERSION, true);
    }

    TestCoordinator(Path directory, List<String> flags, int protocol, boolean honest) throws IOException {
        welcome = Welcome.newBuilder()
                .setProof(honest ? ticket.proof() : ticket.secret())
                .setProtocol(protocol)
                .setCodec(ForyCodec.class.getName())
                .build();
        Path file = directory.resolve("recorder");
        RecorderFile.create(file, RecorderFile.DEFAULT_RING_BYTES);
        recorder = RecorderReader.open(file);
        errors = directory.resolve("stderr");
        HubAddress address = HubAddress.unix(directory.resolve("hub.sock"));
        loop = Transport.here().newLoop("test-hub");
        server = Transport.here()
                .server(address, loop)
                .intercept(new TicketReader())
                .addService(new Ear())
                .build()
                .start();
        worker = start(flags);
        new Bootstrap(ticket, address.toString(), 2, 1, file).write(worker.getOutputStream());
    }

    private Process start(List<String> flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), WorkerMain.class.getName()));
        return new ProcessBuilder(command)
                .redirectError(errors.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Sends a task with its items as one chunk; small ones inline, large ones in frames. */
    void run(SerializableFunction<?, ?> task, Object... items) {
        long id = ++nextId;
        send(ToWorker.newBuilder()
                .setTask(Task.newBuilder()
                        .setCallId(id)
                        .setFunction(Payload.newBuilder().setInline(ByteString.copyFrom(codec.encode(task)))))
                .build());
        Chunk.Builder chunk = Chunk.newBuilder().setChunkId(id).setCallId(id);
        ByteString inline = ByteString.EMPTY;
        for (Object item : items) {
            ByteString bytes = ByteString.copyFrom(codec.encode(item));
            if (bytes.size() <= Protocol.MAX_INLINE_ITEM_BYTES) {
                chunk.addLengths(bytes.size());
                inline = inline.concat(bytes);
            } else {
                chunk.addLengths(-1).addCarried(inFrames(bytes));
            }
        }
        send(ToWorker.newBuilder()
                .setChunks(Chunks.newBuilder().addChunk(chunk.setItems(inline)))
                .build());
    }

    private Carried inFrames(ByteString bytes) {
        long id = ++nextId;
        for (int from = 0; from < bytes.size(); from += Protocol.MAX_FRAME_BYTES) {
            int to = Math.min(bytes.size(), from + Protocol.MAX_FRAME_BYTES);
            send(ToWorker.newBuilder()
                    .setFrame(Frame.newBuilder()
                            .setPayloadId(id)
                            .setTotalLength(bytes.size())
                            .setData(bytes.substring(from, to)))
                    .build());
        }
        return Carried.newBuilder().setPayloadId(id).setLength(bytes.size()).build();
    }

    void send(ToWorker message) {
        loop.execute(() -> {
            StreamObserver<ToWorker> stream = out;
            if (stream == null) {
                throw new IllegalStateException("no worker is connected");
            }
            stream.onNext(message);
        });
    }

    /** The next message of that kind, within a minute; others are passed over. */
    FromWorker hear(FromWorker.KindCase kind) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            FromWorker message = heard.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (message == null) {
                throw new AssertionError("no " + kind + "; the worker's stderr: " + said());
            }
            if (message.getKindCase() == kind) {
                return message;
            }
        }
    }

    /** What the worker's threads have handed to its loop before this was called has been done there when it returns. */
    void aTurnOfItsLoopPasses() throws InterruptedException {
        send(ToWorker.newBuilder()
                .setRecall(Recall.newBuilder().setChunkId(Long.MAX_VALUE))
                .build());
        hear(FromWorker.KindCase.GIVEN_BACK);
    }

    /** Its next result in the ring, once the bell has rung for it. */
    @Nullable
    Object nextValue() throws InterruptedException {
        while (values.isEmpty()) {
            RecorderReader.RingRecord next = recorder.poll();
            if (next == null) {
                hear(FromWorker.KindCase.DOORBELL);
            } else {
                unpack(next);
            }
        }
        return values.remove(0);
    }

    private void unpack(RecorderReader.RingRecord record) {
        RecorderReader.Run run = record.run();
        if (run == null) {
            values.add(codec.decode(record.data(), 0, record.data().length));
            return;
        }
        PackedType type = Objects.requireNonNull(PackedType.ofCode(run.type()));
        PackedValues packed = new PackedValues(type, record.data(), 0, record.data().length);
        for (int i = 0; i < run.count(); i++) {
            values.add(packed.next());
        }
    }

    int exitCode() throws InterruptedException {
        if (!worker.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the worker lives on; its stderr: " + said());
        }
        return worker.exitValue();
    }

    String said() {
        try {
            return Files.readString(errors, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(unreadable: " + e + ")";
        }
    }

    @Nullable
    String shown() {
        return shown;
    }

    @Override
    public void close() {
        worker.destroyForcibly();
        recorder.close();
        boolean ended;
        try {
            ended = server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS)
                    && loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(30, TimeUnit.SECONDS)
                    && worker.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while the test's coordinator ended", e);
        }
        if (!ended) {
            throw new AssertionError("the test's coordinator did not end");
        }
    }

    private static final class TicketReader implements ServerInterceptor {
        @Override
        public <Q, S> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
            return Contexts.interceptCall(
                    Context.current().withValue(SHOWN, headers.get(Protocol.TICKET)), call, headers, next);
        }
    }

    private final class Ear extends WorkerLinkGrpc.WorkerLinkImplBase {
        @Override
        public StreamObserver<FromWorker> connect(StreamObserver<ToWorker> stream) {
            shown = SHOWN.get();
            return new StreamObserver<>() {
                @Override
                public void onNext(FromWorker message) {
                    if (message.hasHello()) {
                        out = stream;
                        stream.onNext(ToWorker.newBuilder().setWelcome(welcome).build());
                    } else if (message.hasFrame()) {
                        int bytes = message.getFrame().getData().size();
                        stream.onNext(ToWorker.newBuilder()
                                .setCredit(Credit.newBuilder().setBytes(bytes))
                                .build());
                    }
                    heard.add(message);
                }

                @Override
                public void onError(Throwable t) {}

                @Override
                public void onCompleted() {}
            };
        }
    }
}
