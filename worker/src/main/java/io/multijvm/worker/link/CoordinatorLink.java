// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.multijvm.codec.ValueCodec;
import io.multijvm.wire.Bootstrap;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.arena.PlacedBytes;
import io.multijvm.wire.mapped.RecorderWriter;
import io.multijvm.wire.mapped.ResultKind;
import io.multijvm.wire.net.HubAddress;
import io.multijvm.wire.net.Transport;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.Hello;
import io.multijvm.wire.v1.Rehearsed;
import io.multijvm.wire.v1.ToWorker;
import io.multijvm.wire.v1.Welcome;
import io.multijvm.wire.v1.WorkerLinkGrpc;
import io.multijvm.worker.execute.ResultLine;
import io.multijvm.worker.execute.TaskLoop;
import io.multijvm.worker.nested.NestedHost;
import io.multijvm.worker.nested.NestedLine;
import io.multijvm.worker.process.OwnTask;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one stream to the coordinator. Everything is received and sent on the event loop; the task thread reaches it through
 * {@link ResultLine} and {@link UpkeepLink}. When the stream ends, so does this process, for nobody hears it any more.
 */
public final class CoordinatorLink implements ResultLine, NestedLine {
    private static final long CLOSE_MILLIS = 200;
    private static final long LOGS_MILLIS = 1000;

    private final Bootstrap bootstrap;
    private final Fate fate;
    private final Transport transport = Transport.here();
    private final EventLoop loop = transport.newLoop("multijvm-link").next();
    private final Doorbell doorbell;
    private final CompletableFuture<Welcome> welcome = new CompletableFuture<>();

    // owned by the loop
    private @Nullable LargeSender large;
    private final NestedSender nestedSender = new NestedSender(this::sendNow, this::largeSender);
    private final ProgressSender progress = new ProgressSender(this::later, this::sendNow);
    private final LogSender logs = new LogSender(loop, this::sendNow);
    private final SharedMemory memory = new SharedMemory(loop, this::send);
    private final FrameAssembler frames = new FrameAssembler();
    private final ChunkUnpacker chunks = new ChunkUnpacker(frames, memory.payloads());
    private final Orders orders = new Orders(frames, chunks, memory, logs, this::sendNow, this::largeSender);

    /** Set once, by {@link #connect}. */
    private volatile @Nullable ManagedChannel channel;

    private volatile @Nullable ClientCallStreamObserver<FromWorker> out;

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
     * Ends the stream and the loop, for a process that leaves. Log records may still be on their way: it waits for those, and
     * for the loop's thread to end, but not long for either. Not on the loop.
     */
    public void close() {
        logs.awaitTaken(LOGS_MILLIS);
        drop();
        var unused = loop.parent()
                .shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_MILLIS);
    }

    /**
     * Leaves the loop's thread standing where it holds nothing up, for a JVM that ends: nothing is sent or heard any more.
     * Much quicker than {@link #close}, most of whose code has never run before. The stream ends with the process. Not on
     * the loop.
     */
    public void standStill() {
        CountDownLatch stands = new CountDownLatch(1);
        loop.execute(() -> {
            stands.countDown();
            while (true) {
                LockSupport.park(this);
                var unused = Thread.interrupted();
            }
        });
        try {
            var unused = stands.await(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Breaks the stream off without a word, as a broken network would. Returns at once. */
    public void drop() {
        ManagedChannel open = channel;
        if (open != null) {
            open.shutdownNow();
        }
    }

    /** Work goes to {@code tasks} from now on; what has come since the welcome comes first. */
    public void serve(TaskLoop tasks, ValueCodec values) {
        UpkeepLink upkeep = new UpkeepLink(loop, tasks, values, this::sendNow, chunks::bytes, logs, fate);
        loop.execute(() -> orders.serve(tasks, upkeep).forEach(this::follow));
    }

    /** This process, a standby, has loaded what a first task needs. */
    public void rehearsed() {
        send(FromWorker.newBuilder()
                .setRehearsed(Rehearsed.getDefaultInstance())
                .build());
    }

    /** What comes for tasks that speak to their own pool goes there; before {@link #serve}. */
    public void nests(NestedHost host) {
        orders.nests(host);
    }

    /** Whoever is to run a task of its own gets it there; before {@link #serve}. */
    public void runs(OwnTask task) {
        orders.runs(task);
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
            orders.receive(message);
        } catch (RuntimeException e) { // a coordinator of ours says no such thing: one of us is broken
            fate.broken("cannot follow the coordinator", e);
        }
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
