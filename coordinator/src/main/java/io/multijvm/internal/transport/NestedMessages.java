// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.multijvm.codec.PackedType;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.internal.call.NestedCallSettings;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.dispatch.CallState;
import io.multijvm.internal.dispatch.NestedPort;
import io.multijvm.internal.dispatch.NestedSaid;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.FromNested;
import io.multijvm.wire.v1.NestedAttempt;
import io.multijvm.wire.v1.NestedAttempts;
import io.multijvm.wire.v1.NestedBegin;
import io.multijvm.wire.v1.NestedCrash;
import io.multijvm.wire.v1.NestedError;
import io.multijvm.wire.v1.NestedItems;
import io.multijvm.wire.v1.NestedLate;
import io.multijvm.wire.v1.NestedOutcome;
import io.multijvm.wire.v1.NestedOutcomes;
import io.multijvm.wire.v1.ToNested;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What tasks and their own pool say to each other, from messages and to messages. */
final class NestedMessages {
    /** In place of the length of an item that could not be encoded. */
    private static final int NOT_ENCODED = -1;

    private NestedMessages() {}

    static NestedSaid read(ByteString bytes) throws BrokenStreamException {
        try {
            FromNested said = FromNested.parseFrom(bytes);
            return switch (said.getKindCase()) {
                case BEGIN -> begin(said.getBegin());
                case ITEMS -> items(said.getItems());
                case INPUT_ENDED ->
                    new NestedSaid.InputEnded(said.getInputEnded().getCall());
                case TAKEN ->
                    new NestedSaid.Taken(
                            said.getTaken().getCall(),
                            said.getTaken().getItems(),
                            said.getTaken().getBytes());
                case CANCEL ->
                    said.getCancel().getOne()
                            ? new NestedSaid.CancelItem(
                                    said.getCancel().getCall(),
                                    said.getCancel().getIndex(),
                                    said.getCancel().getLetRun())
                            : new NestedSaid.CancelCall(
                                    said.getCancel().getCall(),
                                    said.getCancel().getByForce(),
                                    said.getCancel().getLetRun());
                case WAITING ->
                    new NestedSaid.Waiting(
                            said.getWaiting().getCall(), said.getWaiting().getWaits());
                case RAN ->
                    new NestedSaid.Ran(
                            said.getRan().getCall(),
                            said.getRan().getIndex(),
                            said.getRan().getAttempt(),
                            said.getRan().getElapsedNanos(),
                            said.getRan().getResultBytes(),
                            said.getRan().getFailed().isEmpty()
                                    ? null
                                    : FailureKind.valueOf(said.getRan().getFailed()),
                            said.getRan().getDropped());
                case GIVEN_BACK ->
                    new NestedSaid.GivenBack(
                            said.getGivenBack().getCall(),
                            said.getGivenBack().getFirstIndex(),
                            said.getGivenBack().getEndIndex());
                case STOP -> new NestedSaid.Stop(said.getStop().getNow());
                case KIND_NOT_SET ->
                    throw new BrokenStreamException("a word of a task that this protocol does not know");
            };
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new BrokenStreamException("a word of a task that cannot be read: " + e.getMessage());
        }
    }

    private static NestedSaid begin(NestedBegin begin) throws BrokenStreamException {
        if (begin.getDepth() < 1) {
            throw new BrokenStreamException("a call of a task at depth " + begin.getDepth());
        }
        CallState.Kind kind = CallState.Kind.valueOf(begin.getKind());
        if (kind == CallState.Kind.BROADCAST) {
            throw new BrokenStreamException("a broadcast of a task, which would wait for itself");
        }
        return new NestedSaid.Begin(
                begin.getCall(),
                begin.getFunction().toByteArray(),
                NestedCallSettings.read(begin.getSettings()),
                kind,
                begin.getExpected(),
                begin.getDepth(),
                begin.getChunkId(),
                begin.getPosition());
    }

    private static NestedSaid items(NestedItems items) throws BrokenStreamException {
        if (items.getLengthsCount() == 1 && items.getLengths(0) == NOT_ENCODED) {
            return new NestedSaid.NotEncoded(items.getCall(), items.getFirstIndex());
        }
        ItemBlock.Builder block = new ItemBlock.Builder(items.getFirstIndex(), Protocol.MAX_INLINE_ITEM_BYTES);
        ByteString bytes = items.getItems();
        int at = 0;
        for (int length : items.getLengthsList()) {
            if (length < 0 || length > bytes.size() - at) {
                throw new BrokenStreamException(
                        "an item of " + length + " bytes, where " + (bytes.size() - at) + " are left in its message");
            }
            block.add(bytes.substring(at, at + length).toByteArray());
            at += length;
        }
        if (block.count() == 0) {
            throw new BrokenStreamException("a message of items with none in it");
        }
        return new NestedSaid.Items(items.getCall(), block.build());
    }

    static ToNested outcomes(long call, List<RawOutcome> outcomes) {
        NestedOutcomes.Builder all = NestedOutcomes.newBuilder().setCall(call);
        outcomes.forEach(outcome -> all.addOutcome(outcome(outcome)));
        return ToNested.newBuilder().setOutcomes(all).build();
    }

    static ToNested attempts(long call, List<NestedPort.Tried> attempts) {
        NestedAttempts.Builder all = NestedAttempts.newBuilder().setCall(call);
        for (NestedPort.Tried one : attempts) {
            all.addAttempt(NestedAttempt.newBuilder()
                    .setIndex(one.index())
                    .setSlot(one.worker().slot())
                    .setIncarnation(one.worker().incarnation())
                    .setPid(one.worker().pid())
                    .setNanos(one.nanos())
                    .setWhy(one.why() == null ? "" : one.why().name()));
        }
        return ToNested.newBuilder().setAttempts(all).build();
    }

    private static NestedOutcome outcome(RawOutcome outcome) {
        try {
            return outcome(outcome, outcome.bytes());
        } catch (PayloadException lost) {
            return outcome(RawOutcome.error(outcome.index(), outcome.attempts(), lost), null);
        }
    }

    private static NestedOutcome outcome(RawOutcome outcome, byte @Nullable [] bytes) {
        NestedOutcome.Builder told = NestedOutcome.newBuilder()
                .setIndex(outcome.index())
                .setAttempts(outcome.attempts())
                .setWhere(outcome.where());
        MultijvmException error = outcome.error();
        if (bytes != null && outcome.isValue()) {
            PackedType packed = outcome.packed();
            told.setValue(UnsafeByteOperations.unsafeWrap(bytes)).setPackedType(packed == null ? 0 : packed.code());
        } else if (bytes != null) {
            told.setFailure(UnsafeByteOperations.unsafeWrap(bytes));
        } else if (error != null) {
            told.setError(error(error));
        } else {
            told.setDropped(true);
        }
        return told.build();
    }

    private static NestedError error(MultijvmException error) {
        NestedError.Builder told =
                NestedError.newBuilder().setKind(error.kind().name()).setMessage(String.valueOf(error.getMessage()));
        error.report().ifPresent(report -> told.setCrash(crash(report)));
        if (error instanceof TaskTimeoutException late) {
            told.setLate(NestedLate.newBuilder()
                    .setIndex(late.index())
                    .setLimitNanos(late.limit().toNanos())
                    .setWhere(whereOf(String.valueOf(late.getMessage())))
                    .addAllStack(late.stack()));
        }
        return told.build();
    }

    /** The worker, as the first line of the message ends with it. */
    private static String whereOf(String message) {
        String line = message.lines().findFirst().orElse("");
        int at = line.lastIndexOf(" in ");
        return at < 0 ? "a worker" : line.substring(at + 4);
    }

    private static NestedCrash crash(CrashReport report) {
        NestedCrash.Builder told = NestedCrash.newBuilder()
                .setWhat(report.what())
                .setAttempt(report.attempt())
                .setSlot(report.slot())
                .setIncarnation(report.incarnation())
                .setPid(report.pid())
                .setNativeFrame(report.nativeFrame())
                .addAllJavaFrames(report.javaFrames())
                .addAllLastOutput(report.lastOutput())
                .setNextStep(report.nextStep())
                .setVerdict(report.verdict());
        report.files().forEach(file -> told.addFiles(file.toString()));
        report.exitCode().ifPresent(told::setExitCode);
        report.signal().ifPresent(told::setSignal);
        report.index().ifPresent(told::setIndex);
        return told.build();
    }
}
