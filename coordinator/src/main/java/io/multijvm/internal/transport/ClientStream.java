// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.multijvm.internal.shared.Client;
import io.multijvm.internal.shared.ManagerHome;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.messages.ObjectMessages;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.v1.Admitted;
import io.multijvm.wire.v1.ClientHello;
import io.multijvm.wire.v1.FromClient;
import io.multijvm.wire.v1.ObjectCall;
import io.multijvm.wire.v1.OwnersProof;
import io.multijvm.wire.v1.ToClient;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one client of shared objects. Confined to the event loop, on which gRPC calls it without a hand-over. Whatever
 * a client says, only its own stream can suffer.
 *
 * <pre>
 * state     event                     next      effect
 * STRANGER  hello, our version        PROVING   our proof is sent
 * PROVING   a good proof              USING     the client is made and told its number
 * USING     a call                    USING     the manager hears it
 * any       time-out before USING,
 *           anything else, end        ENDED     the manager hears that the client is lost, if it was made
 * </pre>
 */
final class ClientStream implements StreamObserver<FromClient>, Client.Ear {
    private static final System.Logger LOG = System.getLogger(ClientStream.class.getName());
    private static final int MOST_NAME_CHARS = 100;

    private enum State {
        STRANGER,
        PROVING,
        USING,
        ENDED
    }

    /**
     * Of a process that nobody here has started.
     *
     * @param where it is, as messages say it behind its name
     * @param proven run when it has shown that it knows the key
     */
    record Afar(String where, Runnable proven) {}

    private final EventLoop loop;
    private final ManagerHome manager;
    private final ServerCallStreamObserver<ToClient> out;
    private final @Nullable Afar afar;
    private final Future<?> helloTimeout;
    private final byte[] challenge = ManagerKey.challenge();
    private byte[] theirs = new byte[0];
    private State state = State.STRANGER;
    private @Nullable ProcessStamp process;
    private String name = "";
    private @Nullable Client client;

    /**
     * @param afar null for a process that this program knows how to end; else it does everything by messages
     */
    ClientStream(
            EventLoop loop,
            ManagerHome manager,
            ServerCallStreamObserver<ToClient> out,
            Duration helloTimeout,
            @Nullable Afar afar) {
        this.afar = afar;
        this.loop = loop;
        this.manager = manager;
        this.out = out;
        this.helloTimeout = loop.schedule(
                () -> refuse(Status.DEADLINE_EXCEEDED, "it did not say who it is in time"),
                helloTimeout.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** To be called while gRPC starts the call. */
    void listen() {
        // with a handler gRPC does not throw when a message is sent just as the stream breaks
        out.setOnCancelHandler(this::ended);
    }

    @Override
    public void onNext(FromClient message) {
        assert loop.inEventLoop() : "gRPC called back on " + Thread.currentThread();
        try {
            boolean makesSense = switch (state) {
                case STRANGER -> message.hasHello() && greeted(message.getHello());
                case PROVING -> message.hasProof() && proven(message.getProof());
                case USING -> message.hasCall() && said(message.getCall());
                case ENDED -> true;
            };
            if (!makesSense) {
                refuse(Status.INVALID_ARGUMENT, "it said something that makes no sense while it was " + state);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the owner of shared objects failed on a message of " + client, e);
            refuse(Status.INTERNAL, "the owner failed on its message: " + e);
        }
    }

    private boolean greeted(ClientHello hello) {
        if (hello.getProtocol() != Protocol.VERSION) {
            refuse(
                    Status.FAILED_PRECONDITION,
                    "the owner of this object speaks protocol " + Protocol.VERSION + ", this process "
                            + Integer.toUnsignedString(hello.getProtocol())
                            + ": the class path of one of them holds another Multijvm jar");
            return true;
        }
        Optional<ProcessStamp> stamp = ProcessStamp.parse(hello.getProcess());
        if (stamp.isEmpty() || hello.getChallenge().size() != ManagerKey.CHALLENGE_BYTES) {
            return false;
        }
        if (afar == null
                && !stamp.get().place().equals(ProcessStamp.ofThisProcess().place())) {
            refuse(
                    Status.FAILED_PRECONDITION,
                    "its process is of another container or machine, where nobody here can tell whether it has ended:"
                            + " what it held would never be free");
            return true;
        }
        process = stamp.get();
        name = hello.getName()
                        .substring(0, Math.min(MOST_NAME_CHARS, hello.getName().length()))
                + (afar == null ? "" : afar.where());
        theirs = hello.getChallenge().toByteArray();
        state = State.PROVING;
        byte[] proof = manager.key().sign(ManagerKey.Side.OWNER, manager.number(), theirs, challenge);
        out.onNext(ToClient.newBuilder()
                .setOwnersProof(OwnersProof.newBuilder()
                        .setProof(ByteString.copyFrom(proof))
                        .setChallenge(ByteString.copyFrom(challenge))
                        .setManager(manager.number()))
                .build());
        return true;
    }

    private boolean proven(ByteString proof) {
        ProcessStamp stamp = process;
        if (stamp == null
                || !manager.key()
                        .isSignedBy(ManagerKey.Side.CLIENT, proof.toByteArray(), manager.number(), challenge, theirs)) {
            refuse(Status.UNAUTHENTICATED, "it does not know the manager's key");
            return true;
        }
        helloTimeout.cancel(false);
        if (afar != null) {
            afar.proven().run();
        }
        Client made = manager.connect(stamp, name, afar != null, this);
        if (made == null) {
            refuse(Status.UNAVAILABLE, "the manager is closed, or has too many clients");
            return true;
        }
        client = made;
        state = State.USING;
        out.onNext(ToClient.newBuilder()
                .setAdmitted(Admitted.newBuilder().setClient(made.number()))
                .build());
        return true;
    }

    private boolean said(ObjectCall call) {
        Said said = ObjectMessages.said(call);
        Client from = client;
        if (said == null || from == null) {
            return false;
        }
        manager.said(from, call.getObject(), call.getTicket(), said);
        return true;
    }

    private void refuse(Status status, String why) {
        if (state != State.ENDED) {
            ended();
            out.onError(status.withDescription(why).asRuntimeException());
        }
    }

    private void ended() {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        helloTimeout.cancel(false);
        Client lost = client;
        if (lost != null) {
            manager.lost(lost);
        }
    }

    @Override
    public void onError(Throwable t) {
        ended();
    }

    @Override
    public void onCompleted() {
        refuse(Status.CANCELLED, "it ended the stream");
    }

    @Override
    public void tell(long object, long ticket, Heard heard) {
        if (state == State.USING) {
            out.onNext(ObjectMessages.answer(object, ticket, heard));
        }
    }

    @Override
    public void end(String why) {
        refuse(Status.UNAVAILABLE, why);
    }
}
