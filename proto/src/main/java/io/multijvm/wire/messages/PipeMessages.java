// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.messages;

import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.PipeHeard;
import io.multijvm.wire.objects.PipeSaid;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.pipe.PipePart;
import io.multijvm.wire.v1.Nothing;
import io.multijvm.wire.v1.PipeYours;
import org.jspecify.annotations.Nullable;

/** What is said of pipes as messages, and back. */
final class PipeMessages {
    private static final Nothing NOTHING = Nothing.getDefaultInstance();

    private PipeMessages() {}

    static io.multijvm.wire.v1.PipeSaid message(PipeSaid said) {
        io.multijvm.wire.v1.PipeSaid.Builder message =
                io.multijvm.wire.v1.PipeSaid.newBuilder().setRight(said.right());
        if (said instanceof PipeSaid.Claim) {
            message.setClaim(NOTHING);
        } else if (said instanceof PipeSaid.Keep keep) {
            message.setKeep(message(keep.part()));
        } else if (said instanceof PipeSaid.GiveUp) {
            message.setGiveUp(NOTHING);
        } else if (said instanceof PipeSaid.Kept kept) {
            message.setKept(kept.number());
        } else if (said instanceof PipeSaid.Close close) {
            message.setClose(close.sentOn());
        } else if (said instanceof PipeSaid.Part part) {
            message.setPart(message(part.part()));
        } else if (said instanceof PipeSaid.Take) {
            message.setTake(NOTHING);
        } else if (said instanceof PipeSaid.Leave leave) {
            message.setLeave(leave.ticket());
        } else if (said instanceof PipeSaid.Ring) {
            message.setRing(NOTHING);
        }
        return message.build();
    }

    static @Nullable Said said(io.multijvm.wire.v1.PipeSaid message) {
        boolean right = message.getRight();
        return switch (message.getKindCase()) {
            case CLAIM -> new PipeSaid.Claim(right);
            case KEEP -> new PipeSaid.Keep(right, part(message.getKeep()));
            case GIVE_UP -> new PipeSaid.GiveUp(right);
            case KEPT -> new PipeSaid.Kept(right, message.getKept());
            case CLOSE -> new PipeSaid.Close(right, message.getClose());
            case PART -> new PipeSaid.Part(right, part(message.getPart()));
            case TAKE -> new PipeSaid.Take(right);
            case LEAVE -> new PipeSaid.Leave(right, message.getLeave());
            case RING -> new PipeSaid.Ring(right);
            case KIND_NOT_SET -> null;
        };
    }

    static io.multijvm.wire.v1.PipeHeard message(PipeHeard heard) {
        io.multijvm.wire.v1.PipeHeard.Builder message =
                io.multijvm.wire.v1.PipeHeard.newBuilder().setRight(heard.right());
        if (heard instanceof PipeHeard.Yours yours) {
            message.setYours(PipeYours.newBuilder()
                    .setAddress(yours.address())
                    .setRingBytes(yours.ringBytes())
                    .setKept(yours.kept())
                    .setEnded(yours.ended()));
        } else if (heard instanceof PipeHeard.Part part) {
            message.setPart(message(part.part()));
        } else if (heard instanceof PipeHeard.Ended ended) {
            message.setEnded(ended.why());
        } else if (heard instanceof PipeHeard.GiveUp give) {
            message.setGiveUp(give.to());
        } else if (heard instanceof PipeHeard.Ring) {
            message.setRing(NOTHING);
        } else if (heard instanceof PipeHeard.Shut shut) {
            message.setShut(shut.why());
        }
        return message.build();
    }

    static @Nullable Heard heard(io.multijvm.wire.v1.PipeHeard message) {
        boolean right = message.getRight();
        return switch (message.getKindCase()) {
            case YOURS -> {
                PipeYours yours = message.getYours();
                yield new PipeHeard.Yours(
                        right, yours.getAddress(), yours.getRingBytes(), yours.getKept(), yours.getEnded());
            }
            case PART -> new PipeHeard.Part(right, part(message.getPart()));
            case ENDED -> new PipeHeard.Ended(right, message.getEnded());
            case GIVE_UP -> new PipeHeard.GiveUp(right, message.getGiveUp());
            case RING -> new PipeHeard.Ring(right);
            case SHUT -> new PipeHeard.Shut(right, message.getShut());
            case KIND_NOT_SET -> null;
        };
    }

    private static io.multijvm.wire.v1.PipePart message(PipePart part) {
        return io.multijvm.wire.v1.PipePart.newBuilder()
                .setFirst(part.first())
                .setRaw(part.raw())
                .setTotal(part.total())
                .setData(DataMessages.wrapped(part.data()))
                .build();
    }

    private static PipePart part(io.multijvm.wire.v1.PipePart message) {
        return new PipePart(
                message.getFirst(),
                message.getRaw(),
                message.getTotal(),
                message.getData().toByteArray());
    }
}
