// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.messages;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.multijvm.wire.objects.BlockSaid;
import io.multijvm.wire.objects.ElementSaid;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ReferenceSaid;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.v1.BlockBytes;
import io.multijvm.wire.v1.BlockRange;
import io.multijvm.wire.v1.Comparison;
import io.multijvm.wire.v1.Nothing;
import io.multijvm.wire.v1.ReferencePiece;
import io.multijvm.wire.v1.ReferencePut;
import io.multijvm.wire.v1.ReferenceRest;
import org.jspecify.annotations.Nullable;

/** What is said of values, arrays, memory and references as messages, and back. */
final class DataMessages {
    private static final Nothing NOTHING = Nothing.getDefaultInstance();

    private DataMessages() {}

    static io.multijvm.wire.v1.ElementSaid message(ElementSaid said) {
        io.multijvm.wire.v1.ElementSaid.Builder message =
                io.multijvm.wire.v1.ElementSaid.newBuilder().setIndex(said.index());
        if (said instanceof ElementSaid.Get) {
            message.setGet(NOTHING);
        } else if (said instanceof ElementSaid.Set set) {
            message.setSet(set.bits());
        } else if (said instanceof ElementSaid.GetAndSet set) {
            message.setGetAndSet(set.bits());
        } else if (said instanceof ElementSaid.CompareAndSet compare) {
            message.setCompareAndSet(
                    Comparison.newBuilder().setExpected(compare.expected()).setValue(compare.bits()));
        } else if (said instanceof ElementSaid.GetAndAdd add) {
            message.setGetAndAdd(add.bits());
        }
        return message.build();
    }

    static @Nullable Said said(io.multijvm.wire.v1.ElementSaid message) {
        long index = message.getIndex();
        return switch (message.getKindCase()) {
            case GET -> new ElementSaid.Get(index);
            case SET -> new ElementSaid.Set(index, message.getSet());
            case GET_AND_SET -> new ElementSaid.GetAndSet(index, message.getGetAndSet());
            case COMPARE_AND_SET ->
                new ElementSaid.CompareAndSet(
                        index,
                        message.getCompareAndSet().getExpected(),
                        message.getCompareAndSet().getValue());
            case GET_AND_ADD -> new ElementSaid.GetAndAdd(index, message.getGetAndAdd());
            case KIND_NOT_SET -> null;
        };
    }

    static io.multijvm.wire.v1.BlockSaid message(BlockSaid said) {
        io.multijvm.wire.v1.BlockSaid.Builder message = io.multijvm.wire.v1.BlockSaid.newBuilder();
        if (said instanceof BlockSaid.Where where) {
            message.setWhere(where.writing());
        } else if (said instanceof BlockSaid.Read read) {
            message.setRead(BlockRange.newBuilder().setIndex(read.index()).setCount(read.count()));
        } else if (said instanceof BlockSaid.Write write) {
            message.setWrite(BlockBytes.newBuilder().setIndex(write.index()).setData(wrapped(write.data())));
        } else if (said instanceof BlockSaid.Suspicion) {
            message.setSuspicion(NOTHING);
        } else if (said instanceof BlockSaid.ClearSuspicion) {
            message.setClearSuspicion(NOTHING);
        } else if (said instanceof BlockSaid.Unlink) {
            message.setUnlink(NOTHING);
        }
        return message.build();
    }

    static @Nullable Said said(io.multijvm.wire.v1.BlockSaid message) {
        return switch (message.getKindCase()) {
            case WHERE -> new BlockSaid.Where(message.getWhere());
            case READ ->
                new BlockSaid.Read(
                        message.getRead().getIndex(), message.getRead().getCount());
            case WRITE ->
                new BlockSaid.Write(
                        message.getWrite().getIndex(),
                        message.getWrite().getData().toByteArray());
            case SUSPICION -> new BlockSaid.Suspicion();
            case CLEAR_SUSPICION -> new BlockSaid.ClearSuspicion();
            case UNLINK -> new BlockSaid.Unlink();
            case KIND_NOT_SET -> null;
        };
    }

    static io.multijvm.wire.v1.ReferenceSaid message(ReferenceSaid said) {
        io.multijvm.wire.v1.ReferenceSaid.Builder message = io.multijvm.wire.v1.ReferenceSaid.newBuilder();
        if (said instanceof ReferenceSaid.Get get) {
            message.setGet(get.known());
        } else if (said instanceof ReferenceSaid.Rest rest) {
            message.setRest(ReferenceRest.newBuilder().setGet(rest.get()).setOffset(rest.offset()));
        } else if (said instanceof ReferenceSaid.Put put) {
            message.setPut(ReferencePut.newBuilder()
                    .setTransfer(put.transfer())
                    .setExpected(put.expected())
                    .setData(wrapped(put.data()))
                    .setLast(put.last()));
        }
        return message.build();
    }

    static @Nullable Said said(io.multijvm.wire.v1.ReferenceSaid message) {
        return switch (message.getKindCase()) {
            case GET -> new ReferenceSaid.Get(message.getGet());
            case REST ->
                new ReferenceSaid.Rest(
                        message.getRest().getGet(), message.getRest().getOffset());
            case PUT -> {
                ReferencePut put = message.getPut();
                yield new ReferenceSaid.Put(
                        put.getTransfer(), put.getExpected(), put.getData().toByteArray(), put.getLast());
            }
            case KIND_NOT_SET -> null;
        };
    }

    static io.multijvm.wire.v1.BlockAt message(Heard.BlockAt at) {
        return io.multijvm.wire.v1.BlockAt.newBuilder()
                .setBytes(at.bytes())
                .setAddress(at.address())
                .setOffset(at.offset())
                .build();
    }

    static Heard heard(io.multijvm.wire.v1.BlockAt message) {
        return new Heard.BlockAt(message.getBytes(), message.getAddress(), message.getOffset());
    }

    static ReferencePiece message(Heard.Piece piece) {
        return ReferencePiece.newBuilder()
                .setVersion(piece.version())
                .setBytes(piece.bytes())
                .setData(wrapped(piece.data()))
                .build();
    }

    static Heard heard(ReferencePiece message) {
        return new Heard.Piece(
                message.getVersion(), message.getBytes(), message.getData().toByteArray());
    }

    /** Without a copy: nobody changes these arrays after they were handed over. */
    static ByteString wrapped(byte[] bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes);
    }
}
