// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.net.HubAddress;
import io.multijvm.wire.net.Transport;
import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.wire.v1.ClientHello;
import io.multijvm.wire.v1.FromClient;
import io.multijvm.wire.v1.OwnersProof;
import io.multijvm.wire.v1.SharedObjectsGrpc;
import io.multijvm.wire.v1.ToClient;
import io.multijvm.worker.shared.ManagerClient;
import io.multijvm.worker.shared.OwnerLine;
import io.multijvm.worker.shared.Owners;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * From an address and a key to a manager that another program serves there. All that connect in this JVM share one line to it,
 * with the handles that have arrived; it ends with the last of them.
 */
public final class Connecting {
    private static final long CLOSE_MILLIS = 200;

    /** How many have connected, and not closed; guarded by itself. */
    private static final Map<OwnerLine, Integer> USERS = new HashMap<>();

    private final HubAddress address;
    private final ManagerKey key;
    private final byte[] challenge = ManagerKey.challenge();
    private final CompletableFuture<Long> number = new CompletableFuture<>();

    private Connecting(HubAddress address, ManagerKey key) {
        this.address = address;
        this.key = key;
    }

    /**
     * The manager that is served there. Waits until each side has proved that it knows the key, 20 s at most.
     *
     * @throws UncheckedIOException if that fails; says why
     */
    public static ManagerClient to(HubAddress address, ManagerKey key) {
        try {
            long manager = new Connecting(address, key).number();
            SharedHandle handle =
                    new SharedHandle(address.toString(), manager, key.secret(), ManagerClient.ITSELF, "MANAGER");
            OwnerLine line;
            synchronized (USERS) {
                line = Owners.at(handle, ObjectLink::new);
                USERS.merge(line, 1, Integer::sum);
            }
            boolean admitted = false;
            try {
                int unused = line.client();
                ManagerClient made = ManagerClient.of(line, handle);
                admitted = true;
                return made;
            } finally {
                if (!admitted) {
                    boolean unused = isLast(line);
                }
            }
        } catch (IOException | IllegalStateException e) {
            IOException why = e instanceof IOException io ? io : new IOException(e.getMessage(), e);
            throw new UncheckedIOException("cannot connect to the manager at " + address + ": " + e.getMessage(), why);
        }
    }

    /** One that connected wants no more. */
    public static void end(ManagerClient manager) {
        OwnerLine line = manager.line();
        if (isLast(line)) {
            line.disconnect(line + " was closed by this program: connect again, or keep the connection open longer");
        }
    }

    /** One less uses it; whoever connects after the last has a new one. */
    private static boolean isLast(OwnerLine line) {
        synchronized (USERS) {
            Integer left = USERS.computeIfPresent(line, (used, users) -> users == 1 ? null : users - 1);
            if (left == null) {
                Owners.forget(line);
            }
            return left == null;
        }
    }

    /** Asks whoever listens there which manager it is, and has it prove to know the key. It is shown nothing. */
    private long number() throws IOException {
        Transport transport = Transport.here();
        EventLoopGroup loop = transport.newLoop("multijvm-connect");
        Metadata headers = new Metadata();
        headers.put(Protocol.MANAGER, Protocol.SERVED_MANAGER);
        ManagedChannel channel = transport
                .client(address, loop)
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                .build();
        try {
            StreamObserver<FromClient> out = SharedObjectsGrpc.newStub(channel).use(new Inbound());
            out.onNext(FromClient.newBuilder()
                    .setHello(ClientHello.newBuilder()
                            .setProtocol(Protocol.VERSION)
                            .setProcess(ProcessStamp.ofThisProcess().toString())
                            .setName(ProcessName.ofThisProcess())
                            .setChallenge(ByteString.copyFrom(challenge)))
                    .build());
            return number.get(Protocol.HELLO_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(
                    e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException(
                    "no proof came within " + Protocol.HELLO_TIMEOUT.toSeconds() + " s; does a manager listen there?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            channel.shutdownNow();
            var unused = loop.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void proven(OwnersProof proof) {
        byte[] theirs = proof.getChallenge().toByteArray();
        boolean good = key.isSignedBy(
                ManagerKey.Side.OWNER, proof.getProof().toByteArray(), proof.getManager(), challenge, theirs);
        if (good) {
            number.complete(proof.getManager());
        } else {
            failed("who listens there does not know the key");
        }
    }

    private void failed(String why) {
        number.completeExceptionally(new IOException(why));
    }

    /** What the owner says. */
    private final class Inbound implements StreamObserver<ToClient> {
        @Override
        public void onNext(ToClient message) {
            if (message.hasOwnersProof()) {
                proven(message.getOwnersProof());
            } else {
                failed("who listens there is no manager");
            }
        }

        @Override
        public void onError(Throwable t) {
            Status status = Status.fromThrowable(t);
            Throwable cause = status.getCause();
            String why = status.getDescription();
            failed((why == null ? status.getCode().toString() : why)
                    + (cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage()));
        }

        @Override
        public void onCompleted() {
            failed("who listens there has ended the stream");
        }
    }
}
