// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.multijvm.codec.PackedType;
import io.multijvm.codec.PackedValues;
import io.multijvm.codec.ValueCodec;
import io.multijvm.wire.Bootstrap;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.arena.PlacedBytes;
import io.multijvm.wire.mapped.RecorderWriter;
import io.multijvm.wire.mapped.ResultKind;
import io.multijvm.wire.net.HubAddress;
import io.multijvm.wire.net.Transport;
import io.multijvm.wire.v1.Attempt;
import io.multijvm.wire.v1.Cancel;
import io.multijvm.wire.v1.Carried;
import io.multijvm.wire.v1.Chunk;
import io.multijvm.wire.v1.Credit;
import io.multijvm.wire.v1.Frame;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.GivenBack;
import io.multijvm.wire.v1.Hello;
import io.multijvm.wire.v1.Payload;
import io.multijvm.wire.v1.Task;
import io.multijvm.wire.v1.ToWorker;
import io.multijvm.wire.v1.Welcome;
import io.multijvm.wire.v1.WorkerLinkGrpc;
import io.multijvm.worker.context.Seeds;
import io.multijvm.worker.execute.PlacedPayload;
import io.multijvm.worker.execute.ResultLine;
import io.multijvm.worker.execute.TaskCode;
import io.multijvm.worker.execute.TaskLoop;
import io.multijvm.worker.execute.WorkerChunk;
import io.multijvm.worker.nested.NestedHost;
import io.multijvm.worker.nested.NestedLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one stream to the coordinator. Everything is received and sent on the event loop; the task thread reaches it through
 * {@link ResultLine} and {@link UpkeepLink}. When the stream ends, so does this process, for nobody hears it any more.
 */
public final class CoordinatorLink implements ResultLine, NestedLine {
    private static final long CLOSE_MILLIS = 200;

    private final Bootstrap bootstrap;
    private final Fate fate;
    private final Transport transport = Transport.here();
    private final EventLoop loop = transport.newLoop("multijvm-link").next();
    private final Doorbell doorbell;
    private final CompletableFuture<Welcome> welcome = new CompletableFuture<>();

    // owned by the loop
    private final FrameAssembler frames = new FrameAssembler();
    private final Map<Long, TaskCode> functions = new HashMap<>();
    private @Nullable LargeSender large;
    private final NestedSender nestedSender = new NestedSender(this::sendNow, this::largeSender);
    private final ProgressSender progress = new ProgressSender(this::later, this::sendNow);
    private final SharedMemory memory = new SharedMemory(loop, this::send);
    /** What came between the welcome and {@link #serve}. */
    private final List<ToWorker> held = new ArrayList<>();

    /** Set once, by {@link #connect}. */
    private volatile @Nullable ManagedChannel channel;

    private volatile @Nullable ClientCallStreamObserver<FromWorker> out;
    private volatile @Nullable TaskLoop taskLoop;
    private volatile @Nullable NestedHost nestedHost;
    private volatile @Nullable UpkeepLink upkeep;

    public CoordinatorLink(Bootstrap bootstrap, RecorderWriter recorder, Fate fate) {
        this.bootstrap = bootstrap;
        this.fate = fate;
        this.doorbell = new Doorbell(
                loop,
                this::inAMoment,
                recorder::finished,
                finished -> send(FromWorker.newBuilder()
                        .setDoorbell(io.multijvm.wire.v1.Doorbell.newBuilder().setFinished(finished))
                        .build()));
    }

    private void inAMoment(Runnable look) {
        var unused = loop.schedule(look, Doorbell.WATCH_MICROS, TimeUnit.MICROSECONDS);
    }

    /** Connects and says hello; what the coordinator answers completes the future, on the loop. */
    public CompletableFuture<Welcome> connect(Hello hello) {
        Metadata headers = new Metadata();
        headers.put(Protocol.TICKET, bootstrap.ticket().shown());
        ManagedChannel opened = transport
                .client(HubAddress.parse(bootstrap.address()), loop)
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                .build();
        channel = opened;
        var unused = WorkerLinkGrpc.newStub(opened)
                .withOnReadyThreshold(Protocol.SMALL_FRAME_BYTES * 4)
                .connect(new Inbound());
        send(FromWorker.newBuilder().setHello(hello).build());
        return welcome;
    }

    /**
     * Ends the stream and the loop, for a process that leaves; what it had to say was said before. Waits for the loop's
     * thread to end, but not for long. Not on the loop.
     */
    public void close() {
        ManagedChannel open = channel;
        if (open != null) {
            open.shutdownNow();
        }
        var unused = loop.parent()
                .shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_MILLIS);
    }

    /** Work goes to {@code tasks} from now on; what has come since the welcome comes first. */
    public void serve(TaskLoop tasks, ValueCodec values) {
        upkeep = new UpkeepLink(loop, tasks, values, this::sendNow, this::bytes, fate);
        loop.execute(() -> {
            taskLoop = tasks;
            held.forEach(this::follow);
            held.clear();
        });
    }

    /** What comes for tasks that speak to their own pool goes there; before {@link #serve}. */
    public void nests(NestedHost host) {
        nestedHost = host;
    }

    @Override
    public void send(byte[] message) {
        loop.execute(() -> nestedSender.send(message));
    }

    @Override
    public void execute(Runnable action) {
        loop.execute(action);
    }

    @Override
    public void later(Runnable action, Duration delay) {
        var unused = loop.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void progress(long chunkId, int position, long nestedIndex, double fraction, String text) {
        progress.say(chunkId, position, nestedIndex, fraction, text);
    }

    @Override
    public void committed(boolean more) {
        doorbell.committed(more);
    }

    @Override
    public void ringFull() {
        doorbell.ringSoon();
    }

    @Override
    public void large(long chunkId, int position, ResultKind kind, long elapsedNanos, byte[] bytes) {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        loop.execute(() -> largeSender().send(chunkId, position, kind, elapsedNanos, bytes, arrived));
        // not interruptible: the item is not finished before it is there, and a lost stream ends the process
        arrived.join();
    }

    @Override
    public @Nullable PlacedBytes place(byte[] head, byte[] rest) {
        return welcome.join().getSharesMemory() ? memory.placer().place(head, rest) : null;
    }

    @Override
    public void retire(Throwable why) {
        if (why instanceof OutOfMemoryError memory) {
            fate.outOfMemory(memory);
        } else {
            fate.broken("the task thread cannot go on", why);
        }
    }

    private LargeSender largeSender() {
        ClientCallStreamObserver<FromWorker> stream = out;
        if (stream == null) {
            throw new IllegalStateException("not connected");
        }
        if (large == null) {
            large = new LargeSender(stream, loop);
        }
        return large;
    }

    /** From any thread. */
    private void send(FromWorker message) {
        if (loop.inEventLoop()) {
            sendNow(message);
        } else {
            loop.execute(() -> sendNow(message));
        }
    }

    private void sendNow(FromWorker message) {
        ClientCallStreamObserver<FromWorker> stream = out;
        if (stream != null) {
            stream.onNext(message);
        }
    }

    private void follow(ToWorker message) {
        try {
            receive(message);
        } catch (RuntimeException e) { // a coordinator of ours says no such thing: one of us is broken
            fate.broken("cannot follow the coordinator", e);
        }
    }

    private void receive(ToWorker message) {
        TaskLoop worker = taskLoop;
        UpkeepLink beside = upkeep;
        if (worker == null || beside == null) {
            held.add(message);
            return;
        }
        switch (message.getKindCase()) {
            case TASK -> task(message.getTask(), beside.poolSeed());
            case CHUNKS -> message.getChunks().getChunkList().forEach(chunk -> worker.add(unpack(chunk)));
            case LARGE_CHUNK -> worker.add(unpack(chunk(frames.take(message.getLargeChunk()))));
            case FRAME -> frame(message.getFrame());
            case CANCEL -> cancel(worker, message.getCancel());
            case RECALL -> {
                long chunk = message.getRecall().getChunkId();
                int end = worker.recall(chunk, message.getRecall().getAll());
                send(FromWorker.newBuilder()
                        .setGivenBack(GivenBack.newBuilder().setChunkId(chunk).setEnd(end))
                        .build());
            }
            case FORGET -> {
                TaskCode forgotten = functions.remove(message.getForget().getCallId());
                if (forgotten != null) {
                    forgotten.release();
                }
            }
            case SEGMENT, PLACED, REGIONS_READ, NO_ROOM, DROP_SEGMENT -> memory.heard(message);
            case CREDIT -> largeSender().granted(message.getCredit().getBytes());
            case NESTED -> nested().hear(message.getNested());
            case LARGE_NESTED -> nested().hear(UnsafeByteOperations.unsafeWrap(frames.take(message.getLargeNested())));
            case NESTED_SETUP -> nested().setUp(message.getNestedSetup());
            case SEAT -> {
                worker.seat(message.getSeat().getSlot(), message.getSeat().getIncarnation());
                nested().seat(message.getSeat().getSlot(), message.getSeat().getIncarnation());
            }
            case BYE -> beside.bye();
            case SET_UP -> beside.setUp(message.getSetUp());
            case ATTEMPT -> attempt(worker, message.getAttempt());
            case SHARED_VALUE -> beside.sharedValue(message.getSharedValue());
            case UNSHARE -> beside.unshare(message.getUnshare());
            case WELCOME, KIND_NOT_SET ->
                throw new IllegalStateException("unexpected message " + message.getKindCase());
        }
    }

    private NestedHost nested() {
        NestedHost host = nestedHost;
        if (host == null) {
            throw new IllegalStateException("a message to a task, before there can be one");
        }
        return host;
    }

    private static void cancel(TaskLoop worker, Cancel cancel) {
        if (cancel.getTimedOut()) {
            worker.timeOut(cancel.getChunkId(), cancel.getPosition());
        } else {
            worker.cancel(cancel.getChunkId(), cancel.getPosition());
        }
    }

    private static void attempt(TaskLoop worker, Attempt attempt) {
        worker.attempt(attempt.getChunkId(), attempt.getPosition(), attempt.getAttempt());
    }

    private void task(Task task, long poolSeed) {
        long callId = task.getCallId();
        long seed = Seeds.ofCall(poolSeed, callId);
        Payload function = task.getFunction();
        SharedPayload placed = function.hasCarried()
                ? memory.payloads().take(function.getCarried().getPayloadId())
                : null;
        int depth = task.getDepth();
        functions.put(
                callId,
                placed == null ? new TaskCode(bytes(function), seed, depth) : new TaskCode(placed, seed, depth));
    }

    private byte[] bytes(Payload payload) {
        return payload.hasCarried()
                ? frames.take(payload.getCarried())
                : payload.getInline().toByteArray();
    }

    private void frame(Frame frame) {
        frames.add(frame);
        send(FromWorker.newBuilder()
                .setCredit(Credit.newBuilder().setBytes(frame.getData().size()))
                .build());
    }

    private static Chunk chunk(byte[] bytes) {
        try {
            return Chunk.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what was carried is no chunk", e);
        }
    }

    private WorkerChunk unpack(Chunk chunk) {
        TaskCode code = functions.get(chunk.getCallId());
        if (code == null) {
            throw new IllegalStateException(
                    "chunk " + chunk.getChunkId() + " is of call " + chunk.getCallId() + ", whose task has not come");
        }
        if (chunk.getPackedType() != 0) {
            return unpackPacked(chunk, code);
        }
        int[] ends = new int[chunk.getLengthsCount()];
        byte[][] large = chunk.getCarriedCount() == 0 ? null : new byte[ends.length][];
        PlacedPayload[] placed = large == null ? null : new PlacedPayload[ends.length];
        int end = 0;
        int carried = 0;
        for (int i = 0; i < ends.length; i++) {
            int length = chunk.getLengths(i);
            if (length >= 0) {
                end += length;
            } else if (large != null && placed != null) {
                Carried next = chunk.getCarried(carried++);
                placed[i] = memory.payloads().take(next.getPayloadId());
                if (placed[i] == null) {
                    large[i] = frames.take(next);
                }
            }
            ends[i] = end;
        }
        return new WorkerChunk(
                chunk.getChunkId(),
                code,
                chunk.getFirstIndex(),
                chunk.getItems().toByteArray(),
                ends,
                large,
                placed);
    }

    private static WorkerChunk unpackPacked(Chunk chunk, TaskCode code) {
        PackedType type = PackedType.ofCode(chunk.getPackedType());
        if (type == null) {
            throw new IllegalStateException(
                    "chunk " + chunk.getChunkId() + " is packed as type " + chunk.getPackedType());
        }
        byte[] items = chunk.getItems().toByteArray();
        return new WorkerChunk(
                chunk.getChunkId(),
                code,
                chunk.getFirstIndex(),
                chunk.getPackedCount(),
                new PackedValues(type, items, 0, items.length));
    }

    /** What the coordinator says. */
    private final class Inbound implements ClientResponseObserver<FromWorker, ToWorker> {

        @Override
        public void beforeStart(ClientCallStreamObserver<FromWorker> stream) {
            out = stream;
            stream.setOnReadyHandler(() -> {
                if (large != null) {
                    large.pump();
                }
            });
        }

        @Override
        public void onNext(ToWorker message) {
            if (welcome.isDone()) {
                follow(message);
            } else if (message.hasWelcome()
                    && bootstrap.ticket().provenBy(message.getWelcome().getProof())) {
                welcome.complete(message.getWelcome());
            } else {
                fate.impostor();
            }
        }

        @Override
        public void onError(Throwable t) {
            Status status = Status.fromThrowable(t);
            boolean refused = status.getCode() == Status.Code.FAILED_PRECONDITION
                    || status.getCode() == Status.Code.UNAUTHENTICATED;
            if (refused) {
                fate.refused(String.valueOf(status.getDescription()));
            } else if (welcome.isDone()) {
                fate.coordinatorGone("the stream to the coordinator broke: " + status);
            } else {
                fate.unreachable("cannot reach the coordinator: " + status);
            }
        }

        @Override
        public void onCompleted() {
            fate.coordinatorGone("the coordinator ended the stream");
        }
    }
}
