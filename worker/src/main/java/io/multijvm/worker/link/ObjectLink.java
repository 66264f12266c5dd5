// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.messages.ObjectMessages;
import io.multijvm.wire.net.HubAddress;
import io.multijvm.wire.net.Transport;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.wire.objects.PipeHeard;
import io.multijvm.wire.objects.QueueHeard;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.v1.ClientHello;
import io.multijvm.wire.v1.FromClient;
import io.multijvm.wire.v1.ObjectAnswer;
import io.multijvm.wire.v1.OwnersProof;
import io.multijvm.wire.v1.SharedObjectsGrpc;
import io.multijvm.wire.v1.ToClient;
import io.multijvm.worker.shared.ManagerClient;
import io.multijvm.worker.shared.OwnerLine;
import io.multijvm.worker.shared.Owners;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The stream to a manager in another JVM, opened when one of its objects is first used. Everything is sent and heard on a loop
 * of its own. When the stream ends its objects cannot be used any more; the owner may end this process then, if it is in
 * doubt what this still does to memory that others use.
 */
final class ObjectLink extends OwnerLine {
    private static final long CLOSE_MILLIS = 200;
    private static final long GOODBYE_MILLIS = 500;

    /** Unlike that of anything else that the manager itself is asked. */
    private static final long GOODBYE_TICKET = Long.MAX_VALUE;

    private final SharedHandle owner;
    private final boolean served;
    private final ManagerKey key;
    private final byte[] challenge = ManagerKey.challenge();
    private final CompletableFuture<Integer> admitted = new CompletableFuture<>();
    private final CompletableFuture<Boolean> goodbyeHeard = new CompletableFuture<>();
    // guarded by this
    private boolean connected;
    /** Written once, under the lock, before anything is said. */
    private volatile @Nullable EventLoop loop;

    private volatile @Nullable ManagedChannel channel;
    /** The loop's. */
    private @Nullable ClientCallStreamObserver<FromClient> out;
    /** It has proved that it knows the key, and so what it says is heard. The loop's. */
    private boolean ownerProven;

    ObjectLink(SharedHandle owner) {
        super(owner.manager(), owner.key());
        this.owner = owner;
        this.served = HubAddress.isServed(owner.address());
        this.key = new ManagerKey(owner.key());
    }

    @Override
    public int client() {
        connect();
        try {
            return admitted.join();
        } catch (CompletionException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(String.valueOf(why.getMessage()), e);
        }
    }

    @Override
    public void say(long object, long ticket, Said said) {
        int unused = client();
        FromClient message = ObjectMessages.call(object, ticket, said);
        execute(() -> send(message));
    }

    @Override
    public void leave() {
        if (!admitted.isDone() || admitted.isCompletedExceptionally() || goneBecause() != null) {
            return;
        }
        try {
            say(ManagerClient.ITSELF, GOODBYE_TICKET, new Said.Goodbye());
            var unused = goodbyeHeard.get(GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            // then it takes our end for a death, and says so of what we could change
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    protected ValueCodec codec() {
        return served ? Owners.codecOfServed() : Owners.codec();
    }

    @Override
    protected SharedHandle seenFromHere(SharedHandle handle) {
        if (handle.address().equals(owner.address()) && handle.key().equals(owner.key())) {
            return handle;
        }
        return new SharedHandle(owner.address(), manager(), owner.key(), handle.object(), handle.kind(), handle.face());
    }

    @Override
    public boolean leadsTo(String address) {
        return owner.address().equals(address);
    }

    @Override
    public String toString() {
        return "the connection to manager " + Long.toHexString(manager()) + " at " + owner.address();
    }

    @Override
    public void disconnect(String why) {
        leave();
        end(why);
    }

    private synchronized void connect() {
        if (connected) {
            return;
        }
        connected = true;
        isUsed();
        endIfItFails(this::open);
    }

    /** Who comes later would else wait for ever; and so would who has come, if it fails on the loop. */
    private void endIfItFails(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            end(owner + " cannot be used: this process could not connect to its owner: " + e);
            if (e instanceof Error) {
                throw e;
            }
        }
    }

    private void open() {
        Transport transport = Transport.here();
        EventLoop opened = transport.newLoop("multijvm-shared").next();
        loop = opened;
        Metadata headers = new Metadata();
        headers.put(Protocol.MANAGER, Long.toHexString(owner.manager()));
        ManagedChannel towards = transport
                .client(HubAddress.parse(owner.address()), opened)
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                .build();
        channel = towards;
        if (served) { // by a program that nobody here knows, and perhaps by none
            var unused =
                    opened.schedule(this::endIfNotAdmitted, Protocol.HELLO_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        }
        execute(() -> endIfItFails(() -> greet(towards)));
    }

    private void endIfNotAdmitted() {
        if (!admitted.isDone()) {
            end(owner + " cannot be used: who listens at " + owner.address() + " has not let this process in within "
                    + Protocol.HELLO_TIMEOUT.toSeconds() + " s");
        }
    }

    private void greet(ManagedChannel towards) {
        var unused = SharedObjectsGrpc.newStub(towards).use(new Inbound());
        send(FromClient.newBuilder()
                .setHello(ClientHello.newBuilder()
                        .setProtocol(Protocol.VERSION)
                        .setProcess(ProcessStamp.ofThisProcess().toString())
                        .setName(ProcessName.ofThisProcess())
                        .setChallenge(ByteString.copyFrom(challenge)))
                .build());
    }

    private void execute(Runnable action) {
        EventLoop on = loop;
        if (on == null) {
            throw new IllegalStateException("not connected");
        }
        try {
            on.execute(action);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException(String.valueOf(goneBecause()), e);
        }
    }

    private void send(FromClient message) {
        ClientCallStreamObserver<FromClient> stream = out;
        if (stream != null) {
            stream.onNext(message);
        }
    }

    private void end(String why) {
        // first what can be asked, then who may ask it, then those whose locks these may have
        boolean first = isFirstWord(why);
        goodbyeHeard.complete(false);
        admitted.completeExceptionally(new IllegalStateException(why));
        if (first) {
            tellAll(why);
        }
        ManagedChannel open = channel;
        if (open != null) {
            open.shutdownNow();
        }
        EventLoop on = loop;
        if (on != null) {
            var unused = on.parent().shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void proven(OwnersProof proof) {
        byte[] theirs = proof.getChallenge().toByteArray();
        boolean good =
                key.isSignedBy(ManagerKey.Side.OWNER, proof.getProof().toByteArray(), manager(), challenge, theirs);
        if (!good) {
            end("whoever answers at " + owner.address() + " is not the owner of " + owner);
            return;
        }
        ownerProven = true;
        byte[] ours = key.sign(ManagerKey.Side.CLIENT, manager(), theirs, challenge);
        send(FromClient.newBuilder().setProof(ByteString.copyFrom(ours)).build());
    }

    private void admitted(int client) {
        if (ownerProven) {
            admitted.complete(client);
        } else {
            endUnproven();
        }
    }

    private void endUnproven() {
        end("whoever answers at " + owner.address() + " has not proved to be the owner of " + owner);
    }

    private void answered(ObjectAnswer answer) {
        if (!ownerProven) {
            endUnproven();
            return;
        }
        Heard heard = ObjectMessages.heard(answer);
        if (heard == null) {
            end("the owner of " + owner + " said something that this version does not know");
            return;
        }
        if (served && namesMemory(heard)) {
            end("the owner of " + owner + " names memory to be mapped, which a manager that is served never does");
            return;
        }
        if (answer.getTicket() == GOODBYE_TICKET) {
            goodbyeHeard.complete(true);
            return;
        }
        heard(answer.getObject(), answer.getTicket(), heard);
    }

    /** Whoever heeded it would write into a file that somebody elsewhere has chosen. */
    private static boolean namesMemory(Heard heard) {
        return (heard instanceof Heard.Opened opened && opened.place() != null)
                || (heard instanceof Heard.BlockAt at && !at.address().isEmpty())
                || (heard instanceof PipeHeard.Yours yours && !yours.address().isEmpty())
                || heard instanceof QueueHeard.SegmentAt;
    }

    /** What the owner says. */
    private final class Inbound implements ClientResponseObserver<FromClient, ToClient> {
        @Override
        public void beforeStart(ClientCallStreamObserver<FromClient> stream) {
            out = stream;
        }

        @Override
        public void onNext(ToClient message) {
            switch (message.getKindCase()) {
                case OWNERS_PROOF -> proven(message.getOwnersProof());
                case ADMITTED -> admitted(message.getAdmitted().getClient());
                case ANSWER -> answered(message.getAnswer());
                case KIND_NOT_SET -> end("the owner of " + owner + " said something that makes no sense");
            }
        }

        @Override
        public void onError(Throwable t) {
            Status status = Status.fromThrowable(t);
            String why = status.getDescription();
            end(owner + " cannot be used any more: its owner "
                    + (admitted.isDone() && !admitted.isCompletedExceptionally() ? "has gone" : "cannot be reached")
                    + (why == null ? "" : " (" + why + ")")
                    + (served ? ", at " + owner.address() : ""));
        }

        @Override
        public void onCompleted() {
            end(owner + " cannot be used any more: its owner ended the stream");
        }
    }
}
