// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.messages;

import io.multijvm.wire.mapped.QueueWaits;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.QueueHeard;
import io.multijvm.wire.objects.QueueSaid;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.v1.Elements;
import io.multijvm.wire.v1.Nothing;
import io.multijvm.wire.v1.QueueElement;
import io.multijvm.wire.v1.QueueElements;
import io.multijvm.wire.v1.QueueLook;
import io.multijvm.wire.v1.QueuePiece;
import io.multijvm.wire.v1.QueuePut;
import io.multijvm.wire.v1.QueueRest;
import io.multijvm.wire.v1.QueueSize;
import io.multijvm.wire.v1.QueueTake;
import io.multijvm.wire.v1.QueueWait;
import io.multijvm.wire.v1.SegmentAt;
import io.multijvm.wire.v1.Segments;
import org.jspecify.annotations.Nullable;

/** What is said of queues as messages, and back. */
final class QueueMessages {
    private static final Nothing NOTHING = Nothing.getDefaultInstance();

    private QueueMessages() {}

    static io.multijvm.wire.v1.QueueSaid message(QueueSaid said) {
        io.multijvm.wire.v1.QueueSaid.Builder message = io.multijvm.wire.v1.QueueSaid.newBuilder();
        if (said instanceof QueueSaid.Put put) {
            message.setPut(QueuePut.newBuilder()
                    .setData(DataMessages.wrapped(put.data()))
                    .setWaits(put.waits()));
        } else if (said instanceof QueueSaid.Take take) {
            message.setTake(QueueTake.newBuilder().setWaits(take.waits()).setLeased(take.leased()));
        } else if (said instanceof QueueSaid.Leave leave) {
            message.setLeave(leave.ticket());
        } else if (said instanceof QueueSaid.Acknowledge acknowledge) {
            message.setAcknowledge(acknowledge.element());
        } else if (said instanceof QueueSaid.GiveBack back) {
            message.setGiveBack(back.element());
        } else if (said instanceof QueueSaid.TaskDone) {
            message.setTaskDone(NOTHING);
        } else if (said instanceof QueueSaid.Join) {
            message.setJoin(NOTHING);
        } else if (said instanceof QueueSaid.Shut) {
            message.setShut(NOTHING);
        } else if (said instanceof QueueSaid.Ask) {
            message.setAsk(NOTHING);
        } else {
            putOther(message, said);
        }
        return message.build();
    }

    private static void putOther(io.multijvm.wire.v1.QueueSaid.Builder message, QueueSaid said) {
        if (said instanceof QueueSaid.Piece piece) {
            message.setPiece(
                    QueuePiece.newBuilder().setTransfer(piece.transfer()).setData(DataMessages.wrapped(piece.data())));
        } else if (said instanceof QueueSaid.Rest rest) {
            message.setRest(QueueRest.newBuilder().setElement(rest.element()).setOffset(rest.offset()));
        } else if (said instanceof QueueSaid.Look look) {
            message.setLook(QueueLook.newBuilder().setBehind(look.behind()).setMost(look.most()));
        } else if (said instanceof QueueSaid.Remove remove) {
            message.setRemove(Elements.newBuilder().addAllNumbers(remove.elements()));
        } else if (said instanceof QueueSaid.Await await) {
            message.setAwait(message(await.what()));
        } else if (said instanceof QueueSaid.Watch) {
            message.setWatch(NOTHING);
        } else if (said instanceof QueueSaid.Changed) {
            message.setChanged(NOTHING);
        } else if (said instanceof QueueSaid.Grow grow) {
            message.setGrow(grow.bytes());
        } else if (said instanceof QueueSaid.Where where) {
            message.setWhere(where.segment());
        } else if (said instanceof QueueSaid.Placed placed) {
            message.setPlaced(placed.segment());
        } else if (said instanceof QueueSaid.Free free) {
            message.setFree(Segments.newBuilder().addAllNumbers(free.segments()));
        }
    }

    static @Nullable Said said(io.multijvm.wire.v1.QueueSaid message) {
        return switch (message.getKindCase()) {
            case PIECE ->
                new QueueSaid.Piece(
                        message.getPiece().getTransfer(),
                        message.getPiece().getData().toByteArray());
            case PUT ->
                new QueueSaid.Put(
                        message.getPut().getData().toByteArray(),
                        message.getPut().getWaits());
            case TAKE ->
                new QueueSaid.Take(
                        message.getTake().getWaits(), message.getTake().getLeased());
            case REST ->
                new QueueSaid.Rest(
                        message.getRest().getElement(), message.getRest().getOffset());
            case LEAVE -> new QueueSaid.Leave(message.getLeave());
            case ACKNOWLEDGE -> new QueueSaid.Acknowledge(message.getAcknowledge());
            case GIVE_BACK -> new QueueSaid.GiveBack(message.getGiveBack());
            case TASK_DONE -> new QueueSaid.TaskDone();
            case JOIN -> new QueueSaid.Join();
            case SHUT -> new QueueSaid.Shut();
            case ASK -> new QueueSaid.Ask();
            case LOOK ->
                new QueueSaid.Look(
                        message.getLook().getBehind(), message.getLook().getMost());
            case REMOVE -> new QueueSaid.Remove(message.getRemove().getNumbersList());
            case AWAIT -> waits(message.getAwait());
            case WATCH -> new QueueSaid.Watch();
            case CHANGED -> new QueueSaid.Changed();
            case GROW -> new QueueSaid.Grow(message.getGrow());
            case WHERE -> new QueueSaid.Where(message.getWhere());
            case PLACED -> new QueueSaid.Placed(message.getPlaced());
            case FREE -> new QueueSaid.Free(message.getFree().getNumbersList());
            case KIND_NOT_SET -> null;
        };
    }

    private static QueueWait message(QueueWaits what) {
        return switch (what) {
            case FOR_ELEMENT -> QueueWait.QUEUE_WAIT_FOR_ELEMENT;
            case FOR_ROOM -> QueueWait.QUEUE_WAIT_FOR_ROOM;
            case FOR_REST -> QueueWait.QUEUE_WAIT_FOR_REST;
        };
    }

    private static @Nullable Said waits(QueueWait what) {
        return switch (what) {
            case QUEUE_WAIT_FOR_ELEMENT -> new QueueSaid.Await(QueueWaits.FOR_ELEMENT);
            case QUEUE_WAIT_FOR_ROOM -> new QueueSaid.Await(QueueWaits.FOR_ROOM);
            case QUEUE_WAIT_FOR_REST -> new QueueSaid.Await(QueueWaits.FOR_REST);
            case QUEUE_WAIT_UNSPECIFIED, UNRECOGNIZED -> null;
        };
    }

    static io.multijvm.wire.v1.QueueHeard message(QueueHeard heard) {
        io.multijvm.wire.v1.QueueHeard.Builder message = io.multijvm.wire.v1.QueueHeard.newBuilder();
        if (heard instanceof QueueHeard.Elements elements) {
            QueueElements.Builder all = QueueElements.newBuilder();
            elements.all()
                    .forEach(element -> all.addAll(QueueElement.newBuilder()
                            .setNumber(element.number())
                            .setAttempt(element.attempt())
                            .setBytes(element.bytes())
                            .setData(DataMessages.wrapped(element.data()))));
            message.setElements(all);
        } else if (heard instanceof QueueHeard.Ended) {
            message.setEnded(NOTHING);
        } else if (heard instanceof QueueHeard.Size size) {
            message.setSize(QueueSize.newBuilder()
                    .setReady(size.ready())
                    .setCapacity(size.capacity())
                    .setLast(size.last())
                    .setShut(size.shut())
                    .setDrained(size.drained()));
        } else if (heard instanceof QueueHeard.SegmentAt at) {
            message.setSegmentAt(SegmentAt.newBuilder()
                    .setNumber(at.number())
                    .setAddress(at.address())
                    .setBytes(at.bytes()));
        }
        return message.build();
    }

    static @Nullable Heard heard(io.multijvm.wire.v1.QueueHeard message) {
        return switch (message.getKindCase()) {
            case ELEMENTS ->
                new QueueHeard.Elements(message.getElements().getAllList().stream()
                        .map(element -> new QueueHeard.Element(
                                element.getNumber(),
                                element.getAttempt(),
                                element.getBytes(),
                                element.getData().toByteArray()))
                        .toList());
            case ENDED -> new QueueHeard.Ended();
            case SIZE ->
                new QueueHeard.Size(
                        message.getSize().getReady(),
                        message.getSize().getCapacity(),
                        message.getSize().getLast(),
                        message.getSize().getShut(),
                        message.getSize().getDrained());
            case SEGMENT_AT ->
                new QueueHeard.SegmentAt(
                        message.getSegmentAt().getNumber(),
                        message.getSegmentAt().getAddress(),
                        message.getSegmentAt().getBytes());
            case KIND_NOT_SET -> null;
        };
    }
}
