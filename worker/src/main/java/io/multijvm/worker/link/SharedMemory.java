// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import io.multijvm.wire.arena.SharedSegment;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.NeedRoom;
import io.multijvm.wire.v1.PayloadRead;
import io.multijvm.wire.v1.RegionsRead;
import io.multijvm.wire.v1.Segment;
import io.multijvm.wire.v1.SegmentGivenUp;
import io.multijvm.wire.v1.SegmentMapped;
import io.multijvm.wire.v1.ToWorker;
import io.multijvm.worker.link.ResultPlacer.Room;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is said between the coordinator and us about the memory that we share. Owned by the loop, but for the placer. */
final class SharedMemory {
    private static final System.Logger LOG = System.getLogger(SharedMemory.class.getName());

    private final Executor loop;
    private final Consumer<FromWorker> send;
    private final SharedPayloads payloads = new SharedPayloads(this::payloadRead);
    private final ResultPlacer placer = new ResultPlacer(this::needRoom, this::givenUp);
    /** What the task thread waits for, while it does. */
    private @Nullable CompletableFuture<@Nullable Room> awaited;

    /** @param send from any thread */
    SharedMemory(Executor loop, Consumer<FromWorker> send) {
        this.loop = loop;
        this.send = send;
    }

    SharedPayloads payloads() {
        return payloads;
    }

    /** The task thread's. */
    ResultPlacer placer() {
        return placer;
    }

    /** One of the five messages about shared memory. */
    void heard(ToWorker message) {
        switch (message.getKindCase()) {
            case SEGMENT -> segment(message.getSegment());
            case PLACED -> payloads.placed(message.getPlaced());
            case DROP_SEGMENT -> payloads.drop(message.getDropSegment().getSegmentId());
            case NO_ROOM -> room(null);
            case REGIONS_READ -> read(message.getRegionsRead());
            default -> throw new IllegalArgumentException("not about memory: " + message.getKindCase());
        }
    }

    private void segment(Segment segment) {
        SharedSegment room = null;
        boolean mapped = true;
        try {
            if (segment.getForResults()) {
                room = SharedSegment.open(segment.getPath(), segment.getBytes(), true);
            } else {
                payloads.map(segment);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "large payloads cross in frames: no shared memory", e);
            mapped = false;
        }
        send.accept(FromWorker.newBuilder()
                .setSegmentMapped(SegmentMapped.newBuilder()
                        .setSegmentId(segment.getSegmentId())
                        .setMapped(mapped)
                        .setForResults(segment.getForResults()))
                .build());
        if (segment.getForResults()) {
            room(room == null ? null : new Room(segment.getSegmentId(), room));
        }
    }

    private void read(RegionsRead read) {
        for (int i = 0; i < read.getSegmentIdCount(); i++) {
            placer.read(read.getSegmentId(i), read.getOffset(i));
        }
    }

    private CompletableFuture<@Nullable Room> needRoom(long bytes) {
        CompletableFuture<@Nullable Room> answer = new CompletableFuture<>();
        loop.execute(() -> {
            awaited = answer;
            send.accept(FromWorker.newBuilder()
                    .setNeedRoom(NeedRoom.newBuilder().setBytes(bytes))
                    .build());
        });
        return answer;
    }

    private void room(@Nullable Room room) {
        CompletableFuture<@Nullable Room> waiting = awaited;
        if (waiting == null) {
            throw new IllegalStateException("an answer about room that nobody asked for");
        }
        awaited = null;
        waiting.complete(room);
    }

    private void givenUp(int segmentId) {
        send.accept(FromWorker.newBuilder()
                .setSegmentGivenUp(SegmentGivenUp.newBuilder().setSegmentId(segmentId))
                .build());
    }

    private void payloadRead(long payloadId) {
        send.accept(FromWorker.newBuilder()
                .setPayloadRead(PayloadRead.newBuilder().setPayloadId(payloadId))
                .build());
    }
}
