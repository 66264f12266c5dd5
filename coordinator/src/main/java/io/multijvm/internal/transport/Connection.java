// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.multijvm.internal.dispatch.FaultRule;
import io.multijvm.internal.dispatch.WorkerListener;
import io.multijvm.task.TaskContext;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.mapped.CorruptRingException;
import io.multijvm.wire.mapped.ResultKind;
import io.multijvm.wire.v1.Credit;
import io.multijvm.wire.v1.Frame;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.GivenBack;
import io.multijvm.wire.v1.Hello;
import io.multijvm.wire.v1.ItemProgress;
import io.multijvm.wire.v1.LargeResult;
import io.multijvm.wire.v1.LogRecord;
import io.multijvm.wire.v1.LogRecords;
import io.multijvm.wire.v1.LogsTaken;
import io.multijvm.wire.v1.ToWorker;
import io.multijvm.wire.v1.Welcome;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one client that showed a good ticket: hello and welcome, then what it says until it ends. Confined to the
 * event loop, on which gRPC calls it without a hand-over. Whatever a client says, only its own connection can suffer.
 *
 * <pre>
 * state       event               next    effect
 * GREETING    hello, our version  OPEN    welcome is sent, listener.connected
 * GREETING    hello, another      ENDED   listener.refused, listener.disconnected
 * GREETING    time-out            ENDED   listener.disconnected
 * OPEN        message             OPEN    listener.doorbell, large, givenBack, initialised, exitEnded, wanted, progress, logged,
 *                                         rehearsed; credit
 * any         broken message      ENDED   listener.disconnected
 * any         end of stream       ENDED   listener.disconnected
 * ENDED       anything            ENDED   none
 * </pre>
 */
final class Connection implements StreamObserver<FromWorker>, Wire {
    /** What may lie with gRPC before a worker counts as slow. */
    private static final int READY_THRESHOLD_BYTES = 256 << 10;

    private static final System.Logger LOG = System.getLogger(Connection.class.getName());

    private enum State {
        GREETING,
        OPEN,
        ENDED
    }

    private final EventLoop loop;
    private final Registration registration;
    private final ServerCallStreamObserver<ToWorker> out;
    private final @Nullable StreamEnd streamEnd;
    private final Outbox outbox = new Outbox(this);
    private final Arrivals arrivals = new Arrivals();
    private final @Nullable SharedMemory memory;
    private final PayloadCarrier carrier;
    private final WorkerStream port;
    private final Future<?> helloTimeout;
    private State state = State.GREETING;
    private @Nullable String goodbye;
    /** Log records were heard that nobody has dealt with yet. */
    private boolean logsWait;

    Connection(
            EventLoop loop,
            Registration registration,
            ServerCallStreamObserver<ToWorker> out,
            @Nullable StreamEnd streamEnd,
            Duration helloTimeout) {
        this.loop = loop;
        this.registration = registration;
        this.out = out;
        this.streamEnd = streamEnd;
        this.memory = registration.sharing == null ? null : new SharedMemory(registration.sharing, loop, outbox);
        FrameCarrier frames = new FrameCarrier(outbox, arrivals);
        this.carrier = memory == null ? frames : new ArenaCarrier(outbox, frames, memory.arguments());
        this.port = new WorkerStream(outbox, carrier);
        this.helloTimeout = loop.schedule(
                () -> end(
                        Status.DEADLINE_EXCEEDED,
                        "it connected but did not say hello within " + helloTimeout.toMillis() + " ms"),
                helloTimeout.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Hears of the stream from now on; to be called while gRPC starts the call. */
    void listen() {
        registration.connection = this;
        out.setOnReadyThreshold(READY_THRESHOLD_BYTES);
        out.setOnReadyHandler(outbox::pump);
        // with a handler gRPC does not throw when a message is sent just as the stream breaks
        out.setOnCancelHandler(this::broken);
    }

    @Override
    public boolean ready() {
        return state == State.OPEN && out.isReady();
    }

    @Override
    public void send(ToWorker message) {
        out.onNext(message);
    }

    @Override
    public void onNext(FromWorker message) {
        assert loop.inEventLoop() : "gRPC called back on " + Thread.currentThread();
        try {
            switch (state) {
                case GREETING -> greeted(message);
                case OPEN -> said(message);
                case ENDED -> {}
            }
        } catch (BrokenStreamException e) {
            end(Status.INVALID_ARGUMENT, "its connection was ended because it sent " + e.what());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the coordinator failed on a message of client " + registration.ticket.client(), e);
            end(Status.INTERNAL, "its connection was ended because the coordinator failed on its message: " + e);
        }
    }

    @Override
    public void onError(Throwable t) {
        broken();
    }

    @Override
    public void onCompleted() {
        end(Status.OK, goodbye == null ? "it ended the stream" : "it said goodbye: " + goodbye);
    }

    /** Ends the stream unless it has ended; the listener hears of it. */
    void end(Status status, String why) {
        if (finish(status, why)) {
            tellEnd(why);
        }
    }

    private void tellEnd(String why) {
        try {
            registration.listener.disconnected(why);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the coordinator failed on the end of client " + registration.ticket.client(), e);
        }
    }

    private void broken() {
        String how = "the stream broke: " + (streamEnd == null ? "it was cancelled" : streamEnd.why());
        end(Status.CANCELLED, goodbye == null ? how : "it said goodbye: " + goodbye + "; then " + how);
    }

    private void greeted(FromWorker message) throws BrokenStreamException {
        if (!message.hasHello()) {
            throw new BrokenStreamException(describe(message) + " before its hello");
        }
        Hello hello = message.getHello();
        if (hello.getProtocol() != Protocol.VERSION) {
            String why = "the worker speaks protocol " + Integer.toUnsignedString(hello.getProtocol())
                    + ", this coordinator protocol " + Protocol.VERSION
                    + ": the worker's class path holds another multijvm jar. Give both the same version of multijvm.";
            if (finish(Status.FAILED_PRECONDITION, why)) {
                registration.listener.refused(why);
                tellEnd(why);
            }
            return;
        }
        helloTimeout.cancel(false);
        state = State.OPEN;
        Greeting greeting = registration.greeting;
        send(ToWorker.newBuilder()
                .setWelcome(Welcome.newBuilder()
                        .setProof(registration.ticket.proof())
                        .setProtocol(Protocol.VERSION)
                        .setCodec(greeting.codec())
                        .setSharesMemory(memory != null)
                        .addAllJobPath(
                                greeting.jobPath().stream().map(Path::toString).toList())
                        .addAllFaults(greeting.faults().stream()
                                .map(Connection::message)
                                .toList()))
                .build());
        registration.listener.connected(port, hello.getPid(), hello.getJdk(), hello.getMaxHeapBytes());
    }

    private static io.multijvm.wire.v1.FaultRule message(FaultRule rule) {
        return io.multijvm.wire.v1.FaultRule.newBuilder()
                .setFault(rule.fault())
                .addAllItems(rule.items())
                .setRate(rule.rate())
                .setSeed(rule.seed())
                .setEveryAttempt(rule.everyAttempt())
                .build();
    }

    private void said(FromWorker message) throws BrokenStreamException {
        switch (message.getKindCase()) {
            case DOORBELL -> registration.listener.doorbell();
            case FRAME -> frame(message.getFrame());
            case LARGE_RESULT -> large(message.getLargeResult());
            case GIVEN_BACK -> givenBack(message.getGivenBack());
            case CREDIT -> {
                outbox.grant(message.getCredit().getBytes());
                outbox.pump();
            }
            case NESTED -> registration.listener.nested(NestedMessages.read(message.getNested()));
            case LARGE_NESTED ->
                registration.listener.nested(
                        NestedMessages.read(UnsafeByteOperations.unsafeWrap(carrier.take(message.getLargeNested()))));
            case INITIALISED ->
                registration.listener.initialised(
                        message.getInitialised().getFailure().toByteArray());
            case EXIT_ENDED ->
                registration.listener.exitEnded(
                        message.getExitEnded().getFailure().toByteArray());
            case WANT ->
                registration.listener.wanted(
                        message.getWant().getHome(), message.getWant().getId());
            case LOG_RECORDS -> logged(message.getLogRecords());
            case ITEM_PROGRESS -> progress(message.getItemProgress());
            case SEGMENT_MAPPED, PAYLOAD_READ, NEED_ROOM, SEGMENT_GIVEN_UP -> {
                if (memory == null) {
                    throw new BrokenStreamException(describe(message) + ", though no memory is shared with it");
                }
                memory.said(message);
            }
            case REHEARSED -> registration.listener.rehearsed();
            case BYE -> goodbye = message.getBye().getReason();
            case HELLO -> throw new BrokenStreamException("a second hello");
            case KIND_NOT_SET -> throw new BrokenStreamException(describe(message));
        }
    }

    private void frame(Frame frame) throws BrokenStreamException {
        int granted = arrivals.add(frame);
        if (granted > 0) {
            outbox.control(ToWorker.newBuilder()
                    .setCredit(Credit.newBuilder().setBytes(granted))
                    .build());
            outbox.pump();
        }
    }

    private void large(LargeResult result) throws BrokenStreamException {
        ResultKind kind;
        try {
            kind = ResultKind.of(result.getKind());
        } catch (CorruptRingException e) {
            throw new BrokenStreamException(String.valueOf(e.getMessage()));
        }
        if (kind.isPlaced()) {
            throw new BrokenStreamException("a large result in frames that says it lies in shared memory");
        }
        if (result.getPosition() < 0 || result.getElapsedNanos() < 0) {
            throw new BrokenStreamException("a large result for position " + result.getPosition() + " after "
                    + result.getElapsedNanos() + " ns");
        }
        registration.listener.large(
                result.getChunkId(),
                result.getPosition(),
                kind,
                result.getElapsedNanos(),
                carrier.take(result.getCarried()));
    }

    private void progress(ItemProgress progress) throws BrokenStreamException {
        double fraction = progress.getFraction();
        int textBytes = progress.getTextBytes().size();
        // a character takes three bytes at most
        if (!(fraction >= 0 && fraction <= 1) || textBytes > 3 * TaskContext.MOST_PROGRESS_TEXT) {
            throw new BrokenStreamException("a progress of " + fraction + " with a text of " + textBytes + " bytes");
        }
        registration.listener.progress(
                progress.getChunkId(),
                progress.getPosition(),
                progress.hasNestedIndex() ? progress.getNestedIndex() : -1,
                fraction,
                progress.getText());
    }

    private void logged(LogRecords logs) throws BrokenStreamException {
        if (logsWait || logs.getRecordCount() > Protocol.MOST_LOG_RECORDS || logs.getDropped() < 0) {
            throw new BrokenStreamException(
                    logs.getRecordCount() + " log records" + (logsWait ? " before the last ones were taken" : ""));
        }
        logsWait = true;
        List<WorkerListener.LogLine> lines = new ArrayList<>();
        for (LogRecord record : logs.getRecordList()) {
            lines.add(new WorkerListener.LogLine(
                    record.getLogger(),
                    record.getLevel(),
                    record.getMessage(),
                    record.getMillis(),
                    record.getSourceClass(),
                    record.getSourceMethod(),
                    record.getItem()));
        }
        registration.listener.logged(lines, logs.getDropped(), this::logsTaken);
    }

    private void logsTaken() {
        logsWait = false;
        if (state == State.OPEN) {
            outbox.control(ToWorker.newBuilder()
                    .setLogsTaken(LogsTaken.getDefaultInstance())
                    .build());
            outbox.pump();
        }
    }

    private void givenBack(GivenBack answer) throws BrokenStreamException {
        if (answer.getEnd() < 0) {
            throw new BrokenStreamException(
                    "an answer that gives back a chunk from position " + answer.getEnd() + " on");
        }
        registration.listener.givenBack(answer.getChunkId(), answer.getEnd());
    }

    /** To ENDED, whatever the state was. Returns false if it was that already. */
    private boolean finish(Status status, String why) {
        if (state == State.ENDED) {
            return false;
        }
        state = State.ENDED;
        helloTimeout.cancel(false);
        port.end();
        if (memory != null) {
            memory.end();
        }
        if (!out.isCancelled()) {
            if (status.isOk()) {
                out.onCompleted();
            } else {
                out.onError(status.withDescription(why).asRuntimeException());
            }
        }
        return true;
    }

    private static String describe(FromWorker message) {
        return message.getKindCase() == FromWorker.KindCase.KIND_NOT_SET
                ? "a message that this protocol does not know, or that cannot be read"
                : "a message of kind " + message.getKindCase();
    }
}
