// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.multijvm.internal.arena.ResultArena;
import io.multijvm.wire.v1.DropSegment;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.NoRoom;
import io.multijvm.wire.v1.RegionsRead;
import io.multijvm.wire.v1.Segment;
import io.multijvm.wire.v1.SegmentMapped;
import io.multijvm.wire.v1.ToWorker;
import java.util.List;

/** What is said between one worker and us about the memory we share. Confined to the event loop. */
final class SharedMemory {
    private final Outbox outbox;
    private final ArgumentArena arguments;
    private final ResultArena results;

    SharedMemory(Sharing sharing, EventLoop loop, Outbox outbox) {
        this.outbox = outbox;
        this.arguments = new ArgumentArena(sharing.maker(), sharing.support(), loop, new ArgumentLine());
        this.results = sharing.results();
        results.connect(new ResultLine());
    }

    ArgumentArena arguments() {
        return arguments;
    }

    /** One of the four messages about shared memory. */
    void said(FromWorker message) throws BrokenStreamException {
        boolean sensible = switch (message.getKindCase()) {
            case SEGMENT_MAPPED -> mapped(message.getSegmentMapped());
            case PAYLOAD_READ -> arguments.read(message.getPayloadRead().getPayloadId());
            case NEED_ROOM -> results.needRoom(message.getNeedRoom().getBytes());
            case SEGMENT_GIVEN_UP -> results.givenUp(message.getSegmentGivenUp().getSegmentId());
            default -> throw new IllegalArgumentException("not about memory: " + message.getKindCase());
        };
        if (!sensible) {
            throw new BrokenStreamException(
                    "a " + message.getKindCase() + " about shared memory that there is not, or not so");
        }
    }

    private boolean mapped(SegmentMapped answer) {
        if (!answer.getForResults()) {
            return arguments.mapped(answer.getSegmentId(), answer.getMapped());
        }
        return answer.getMapped() || results.givenUp(answer.getSegmentId());
    }

    /** The connection has ended. */
    void end() {
        arguments.end();
        results.disconnect();
    }

    private void say(ToWorker message) {
        outbox.control(message);
        outbox.pump();
    }

    private static ToWorker segment(int id, String address, int bytes, boolean forResults) {
        return ToWorker.newBuilder()
                .setSegment(Segment.newBuilder()
                        .setSegmentId(id)
                        .setPath(address)
                        .setBytes(bytes)
                        .setForResults(forResults))
                .build();
    }

    private final class ArgumentLine implements ArgumentArena.Line {
        @Override
        public void segment(int id, String address, int bytes) {
            say(SharedMemory.segment(id, address, bytes, false));
        }

        @Override
        public void drop(int id) {
            say(ToWorker.newBuilder()
                    .setDropSegment(DropSegment.newBuilder().setSegmentId(id))
                    .build());
        }

        @Override
        public void moved() {
            outbox.pump();
        }
    }

    private final class ResultLine implements ResultArena.Line {
        @Override
        public void segment(int id, String address, int bytes) {
            say(SharedMemory.segment(id, address, bytes, true));
        }

        @Override
        public void noRoom() {
            say(ToWorker.newBuilder().setNoRoom(NoRoom.getDefaultInstance()).build());
        }

        @Override
        public void read(List<ResultArena.Region> regions) {
            RegionsRead.Builder read = RegionsRead.newBuilder();
            for (ResultArena.Region region : regions) {
                read.addSegmentId(region.segment()).addOffset(region.offset());
            }
            say(ToWorker.newBuilder().setRegionsRead(read).build());
        }
    }
}
