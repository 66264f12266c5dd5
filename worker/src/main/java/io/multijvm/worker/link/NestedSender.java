// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import com.google.protobuf.UnsafeByteOperations;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.FromWorker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What tasks say to their own pool, in its order: a message that has to be carried holds up those behind it until it has
 * arrived. Confined to the event loop.
 */
final class NestedSender {
    private final Consumer<FromWorker> out;
    private final Supplier<LargeSender> large;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private boolean carrying;

    NestedSender(Consumer<FromWorker> out, Supplier<LargeSender> large) {
        this.out = out;
        this.large = large;
    }

    void send(byte[] message) {
        waiting.addLast(message);
        pump();
    }

    private void pump() {
        while (!carrying && !waiting.isEmpty()) {
            byte[] next = waiting.removeFirst();
            if (next.length <= Protocol.MAX_FRAME_BYTES) {
                out.accept(FromWorker.newBuilder()
                        .setNested(UnsafeByteOperations.unsafeWrap(next))
                        .build());
            } else {
                carry(next);
            }
        }
    }

    private void carry(byte[] message) {
        carrying = true;
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        // completed on the loop
        var unused = arrived.thenRun(() -> {
            carrying = false;
            pump();
        });
        large.get()
                .send(
                        message,
                        carried ->
                                FromWorker.newBuilder().setLargeNested(carried).build(),
                        arrived);
    }
}
