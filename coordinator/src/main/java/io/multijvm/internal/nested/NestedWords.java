// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.nested;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.multijvm.codec.PackedType;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.internal.call.NestedCallSettings;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.dispatch.CallState;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.wire.v1.FromNested;
import io.multijvm.wire.v1.NestedBegin;
import io.multijvm.wire.v1.NestedCancel;
import io.multijvm.wire.v1.NestedCrash;
import io.multijvm.wire.v1.NestedError;
import io.multijvm.wire.v1.NestedInputEnded;
import io.multijvm.wire.v1.NestedItems;
import io.multijvm.wire.v1.NestedOutcome;
import io.multijvm.wire.v1.NestedRan;
import io.multijvm.wire.v1.NestedRange;
import io.multijvm.wire.v1.NestedTaken;
import io.multijvm.wire.v1.NestedWaiting;
import io.multijvm.worker.nested.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a worker says to the coordinator for its tasks' calls, and reads of what comes back. */
final class NestedWords {
    private NestedWords() {}

    static FromNested begin(long call, CallState.Asked asked, Frame frame) {
        return FromNested.newBuilder()
                .setBegin(NestedBegin.newBuilder()
                        .setCall(call)
                        .setFunction(UnsafeByteOperations.unsafeWrap(asked.function()))
                        .setSettings(NestedCallSettings.message(asked.settings()))
                        .setKind(asked.kind().name())
                        .setExpected(asked.expected())
                        .setDepth(frame.depth() + 1)
                        .setChunkId(frame.chunkId())
                        .setPosition(frame.position()))
                .build();
    }

    static FromNested items(long call, ItemBlock block) {
        NestedItems.Builder items = NestedItems.newBuilder().setCall(call).setFirstIndex(block.firstIndex());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) Math.min(block.bytes(), Integer.MAX_VALUE - 8));
        for (int i = 0; i < block.count(); i++) {
            byte[] large = block.large(i);
            items.addLengths((int) block.length(i));
            if (large != null && block.count() == 1) {
                return items(items.setItems(UnsafeByteOperations.unsafeWrap(large)));
            }
            if (large != null) {
                bytes.write(large, 0, large.length);
            } else {
                bytes.write(block.smallBytes(), block.begin(i), block.end(i) - block.begin(i));
            }
        }
        return items(items.setItems(UnsafeByteOperations.unsafeWrap(bytes.toByteArray())));
    }

    private static FromNested items(NestedItems.Builder items) {
        return FromNested.newBuilder().setItems(items).build();
    }

    static FromNested notEncoded(long call, long index) {
        return items(NestedItems.newBuilder()
                .setCall(call)
                .setFirstIndex(index)
                .addLengths(-1)
                .setItems(ByteString.EMPTY));
    }

    static FromNested inputEnded(long call) {
        return FromNested.newBuilder()
                .setInputEnded(NestedInputEnded.newBuilder().setCall(call))
                .build();
    }

    static FromNested taken(long call, int items, long bytes) {
        return FromNested.newBuilder()
                .setTaken(NestedTaken.newBuilder().setCall(call).setItems(items).setBytes(bytes))
                .build();
    }

    static FromNested cancel(long call, boolean byForce) {
        return FromNested.newBuilder()
                .setCancel(NestedCancel.newBuilder().setCall(call).setByForce(byForce))
                .build();
    }

    static FromNested letRun(long call) {
        return FromNested.newBuilder()
                .setCancel(NestedCancel.newBuilder().setCall(call).setLetRun(true))
                .build();
    }

    static FromNested cancelItem(long call, long index, boolean letRun) {
        return FromNested.newBuilder()
                .setCancel(NestedCancel.newBuilder()
                        .setCall(call)
                        .setOne(true)
                        .setIndex(index)
                        .setLetRun(letRun))
                .build();
    }

    static FromNested waiting(long call, boolean waits) {
        return FromNested.newBuilder()
                .setWaiting(NestedWaiting.newBuilder().setCall(call).setWaits(waits))
                .build();
    }

    /** @param failed why there is no result; null if there is one */
    static FromNested ran(long call, RawOutcome outcome, long nanos, @Nullable FailureKind failed) {
        return FromNested.newBuilder()
                .setRan(NestedRan.newBuilder()
                        .setCall(call)
                        .setIndex(outcome.index())
                        .setAttempt(outcome.attempts())
                        .setElapsedNanos(nanos)
                        .setResultBytes(outcome.length())
                        .setFailed(failed == null ? "" : failed.name())
                        .setDropped(outcome.isDropped()))
                .build();
    }

    static FromNested givenBack(long call, long first, long end) {
        return FromNested.newBuilder()
                .setGivenBack(NestedRange.newBuilder()
                        .setCall(call)
                        .setFirstIndex(first)
                        .setEndIndex(end))
                .build();
    }

    static RawOutcome outcome(NestedOutcome told) {
        long index = told.getIndex();
        int attempts = told.getAttempts();
        return switch (told.getWhatCase()) {
            case VALUE -> {
                byte[] bytes = told.getValue().toByteArray();
                PackedType packed = PackedType.ofCode(told.getPackedType());
                yield packed == null
                        ? RawOutcome.value(index, attempts, bytes, told.getWhere())
                        : RawOutcome.packed(index, attempts, packed, bytes, told.getWhere());
            }
            case FAILURE ->
                RawOutcome.failure(index, attempts, told.getFailure().toByteArray(), told.getWhere());
            case ERROR -> RawOutcome.error(index, attempts, error(told.getError()));
            case DROPPED, WHAT_NOT_SET -> RawOutcome.dropped(index);
        };
    }

    private static MultijvmException error(NestedError told) {
        FailureKind kind = FailureKind.valueOf(told.getKind());
        if (told.hasCrash()) {
            return new WorkerCrashedException(kind, report(told.getCrash()));
        }
        if (told.hasLate()) {
            return new TaskTimeoutException(
                    told.getLate().getIndex(),
                    Duration.ofNanos(told.getLate().getLimitNanos()),
                    told.getLate().getWhere(),
                    told.getLate().getStackList());
        }
        return kind == FailureKind.PAYLOAD
                ? new PayloadException(told.getMessage(), "", null)
                : new PoolBrokenException(told.getMessage(), null);
    }

    private static CrashReport report(NestedCrash told) {
        return new CrashReport(
                        told.getWhat(),
                        told.hasExitCode() ? OptionalInt.of(told.getExitCode()) : OptionalInt.empty(),
                        told.hasSignal() ? OptionalInt.of(told.getSignal()) : OptionalInt.empty(),
                        told.hasIndex() ? OptionalLong.of(told.getIndex()) : OptionalLong.empty(),
                        told.getAttempt(),
                        told.getSlot(),
                        told.getIncarnation(),
                        told.getPid(),
                        told.getNativeFrame(),
                        told.getJavaFramesList(),
                        told.getLastOutputList(),
                        told.getFilesList().stream().map(Path::of).toList(),
                        told.getNextStep())
                .judged(told.getVerdict());
    }
}
