// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.messages;

import io.multijvm.wire.objects.BlockSaid;
import io.multijvm.wire.objects.CellPlace;
import io.multijvm.wire.objects.CollectionHeard;
import io.multijvm.wire.objects.CollectionSaid;
import io.multijvm.wire.objects.ElementSaid;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.LockHeard;
import io.multijvm.wire.objects.LockSaid;
import io.multijvm.wire.objects.ManagerSaid;
import io.multijvm.wire.objects.PipeHeard;
import io.multijvm.wire.objects.PipeSaid;
import io.multijvm.wire.objects.QueueHeard;
import io.multijvm.wire.objects.QueueSaid;
import io.multijvm.wire.objects.ReferenceSaid;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.v1.FromClient;
import io.multijvm.wire.v1.Nothing;
import io.multijvm.wire.v1.ObjectAnswer;
import io.multijvm.wire.v1.ObjectCall;
import io.multijvm.wire.v1.ToClient;
import org.jspecify.annotations.Nullable;

/** {@link Said} and {@link Heard} as messages, and back. */
public final class ObjectMessages {
    private static final Nothing NOTHING = Nothing.getDefaultInstance();

    private ObjectMessages() {}

    public static FromClient call(long object, long ticket, Said said) {
        ObjectCall.Builder call = ObjectCall.newBuilder().setObject(object).setTicket(ticket);
        if (said instanceof Said.Open) {
            call.setOpen(NOTHING);
        } else if (said instanceof Said.Close) {
            call.setClose(NOTHING);
        } else if (said instanceof Said.LetGo) {
            call.setLetGo(NOTHING);
        } else if (said instanceof Said.Goodbye) {
            call.setGoodbye(NOTHING);
        } else if (said instanceof Said.ItsLock) {
            call.setItsLock(NOTHING);
        } else if (said instanceof ElementSaid element) {
            call.setElement(DataMessages.message(element));
        } else if (said instanceof BlockSaid block) {
            call.setBlock(DataMessages.message(block));
        } else if (said instanceof ReferenceSaid reference) {
            call.setReference(DataMessages.message(reference));
        } else if (said instanceof LockSaid lock) {
            call.setLock(LockMessages.message(lock));
        } else if (said instanceof QueueSaid queue) {
            call.setQueue(QueueMessages.message(queue));
        } else if (said instanceof CollectionSaid collection) {
            call.setCollection(CollectionMessages.message(collection));
        } else if (said instanceof PipeSaid pipe) {
            call.setPipe(PipeMessages.message(pipe));
        } else if (said instanceof ManagerSaid manager) {
            call.setManager(ManagerMessages.message(manager));
        } else {
            SyncMessages.put(call, said);
        }
        return FromClient.newBuilder().setCall(call).build();
    }

    /** Null for what this version does not know. */
    public static @Nullable Said said(ObjectCall call) {
        return switch (call.getSaidCase()) {
            case OPEN -> new Said.Open();
            case CLOSE -> new Said.Close();
            case EVENT -> SyncMessages.said(call.getEvent());
            case SEMAPHORE -> SyncMessages.said(call.getSemaphore());
            case LATCH -> SyncMessages.said(call.getLatch());
            case LOCK -> LockMessages.said(call.getLock());
            case BARRIER -> SyncMessages.said(call.getBarrier());
            case LET_GO -> new Said.LetGo();
            case GOODBYE -> new Said.Goodbye();
            case ITS_LOCK -> new Said.ItsLock();
            case ELEMENT -> DataMessages.said(call.getElement());
            case BLOCK -> DataMessages.said(call.getBlock());
            case REFERENCE -> DataMessages.said(call.getReference());
            case QUEUE -> QueueMessages.said(call.getQueue());
            case COLLECTION -> CollectionMessages.said(call.getCollection());
            case PIPE -> PipeMessages.said(call.getPipe());
            case MANAGER -> ManagerMessages.said(call.getManager());
            case SAID_NOT_SET -> null;
        };
    }

    public static ToClient answer(long object, long ticket, Heard heard) {
        ObjectAnswer.Builder answer =
                ObjectAnswer.newBuilder().setObject(object).setTicket(ticket);
        if (heard instanceof Heard.Opened opened) {
            answer.setOpened(message(opened));
        } else if (heard instanceof Heard.Refused refused) {
            answer.setRefused(refused.why());
        } else if (heard instanceof Heard.Closed closed) {
            answer.setClosed(closed.why());
        } else if (heard instanceof Heard.Done) {
            answer.setDone(NOTHING);
        } else if (heard instanceof Heard.IsSo is) {
            answer.setState(is.so());
        } else if (heard instanceof Heard.Count many) {
            answer.setNumber(many.number());
        } else if (heard instanceof Heard.Broken broken) {
            answer.setBroken(broken.why());
        } else if (heard instanceof LockHeard lock) {
            answer.setLock(LockMessages.message(lock));
        } else if (heard instanceof QueueHeard queue) {
            answer.setQueue(QueueMessages.message(queue));
        } else if (heard instanceof PipeHeard pipe) {
            answer.setPipe(PipeMessages.message(pipe));
        } else if (heard instanceof Heard.Bits bits) {
            answer.setBits(bits.bits());
        } else if (heard instanceof Heard.BlockAt at) {
            answer.setBlockAt(DataMessages.message(at));
        } else if (heard instanceof Heard.Data data) {
            answer.setData(DataMessages.wrapped(data.bytes()));
        } else if (heard instanceof Heard.Text text) {
            answer.setText(text.text());
        } else if (heard instanceof Heard.Piece piece) {
            answer.setPiece(DataMessages.message(piece));
        } else if (heard instanceof Heard.Version version) {
            answer.setVersion(version.version());
        } else if (heard instanceof Heard.ItsLock its) {
            answer.setItsLock(its.object());
        } else if (heard instanceof Heard.Left) {
            answer.setLeft(NOTHING);
        } else if (heard instanceof CollectionHeard collection) {
            answer.setCollection(CollectionMessages.message(collection));
        } else if (heard instanceof Heard.Named named) {
            answer.setNamed(ManagerMessages.message(named));
        }
        return ToClient.newBuilder().setAnswer(answer).build();
    }

    /** Null for what this version does not know. */
    public static @Nullable Heard heard(ObjectAnswer answer) {
        return switch (answer.getHeardCase()) {
            case OPENED -> opened(answer.getOpened());
            case REFUSED -> new Heard.Refused(answer.getRefused());
            case CLOSED -> new Heard.Closed(answer.getClosed());
            case DONE -> new Heard.Done();
            case STATE -> new Heard.IsSo(answer.getState());
            case NUMBER -> new Heard.Count(answer.getNumber());
            case LOCK -> LockMessages.heard(answer.getLock());
            case BROKEN -> new Heard.Broken(answer.getBroken());
            case BITS -> new Heard.Bits(answer.getBits());
            case BLOCK_AT -> DataMessages.heard(answer.getBlockAt());
            case DATA -> new Heard.Data(answer.getData().toByteArray());
            case TEXT -> new Heard.Text(answer.getText());
            case PIECE -> DataMessages.heard(answer.getPiece());
            case VERSION -> new Heard.Version(answer.getVersion());
            case LEFT -> new Heard.Left();
            case PIPE -> PipeMessages.heard(answer.getPipe());
            case ITS_LOCK -> new Heard.ItsLock(answer.getItsLock());
            case QUEUE -> QueueMessages.heard(answer.getQueue());
            case COLLECTION -> CollectionMessages.heard(answer.getCollection());
            case NAMED -> ManagerMessages.heard(answer.getNamed());
            case HEARD_NOT_SET -> null;
        };
    }

    private static io.multijvm.wire.v1.Opened message(Heard.Opened opened) {
        io.multijvm.wire.v1.Opened.Builder message =
                io.multijvm.wire.v1.Opened.newBuilder().setGeneration(opened.generation());
        CellPlace place = opened.place();
        if (place != null) {
            message.setSegment(place.segment())
                    .setAddress(place.address())
                    .setSegmentBytes(place.segmentBytes())
                    .setOffset(place.offset());
        }
        return message.build();
    }

    private static Heard opened(io.multijvm.wire.v1.Opened message) {
        CellPlace place = message.getAddress().isEmpty()
                ? null
                : new CellPlace(
                        message.getSegment(), message.getAddress(), message.getSegmentBytes(), message.getOffset());
        return new Heard.Opened(place, message.getGeneration());
    }
}
