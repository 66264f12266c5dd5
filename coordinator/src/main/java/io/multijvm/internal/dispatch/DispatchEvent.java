// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.PoolStats;
import io.multijvm.failure.PayloadException;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.result.AnswerFuture;
import io.multijvm.internal.result.WorkerId;
import io.multijvm.wire.mapped.RecorderReader;
import io.multijvm.wire.mapped.ResultKind;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can change what is in flight or how a worker is. Events meet in one place, {@link Handlers}, on one
 * thread, so that a result, a death and a cancel can never race: whichever is seen first wins.
 */
sealed interface DispatchEvent {

    /** Java 17 has no switch over types; this has the same effect: a kind without its handler does not compile. */
    void to(Handlers handlers);

    // what callers and feeders say

    record Submitted(CallState call) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.submitted(this);
        }
    }

    /** A broadcast's items, which only the loop can count. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are handed on
    record ForEachSlot(CallState call, byte[] item, int largeFrom) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.forEachSlot(this);
        }
    }

    record Encoded(CallState call, ItemBlock block) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.encoded(this);
        }
    }

    record NotEncoded(CallState call, long index, PayloadException why) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.notEncoded(this);
        }
    }

    record InputEnded(CallState call, @Nullable Throwable failure) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.inputEnded(this);
        }
    }

    record Taken(CallState call, int items, long bytes) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.taken(this);
        }
    }

    record CancelCall(CallState call, boolean byForce) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.cancelCall(this);
        }
    }

    record CancelItem(CallState call, AnswerFuture<?> future) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.cancelItem(this);
        }
    }

    /** Nobody wants the results any more, of the call or of that one item; what has begun may come to its end. */
    record LetRun(CallState call, @Nullable AnswerFuture<?> future) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.letRun(this);
        }
    }

    /** A value is shared no more. */
    record Unshared(long home, long id) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.unshared(this);
        }
    }

    /** No new work; {@code drained} completes when what was submitted is finished and the workers are gone. */
    record Closing(boolean now, CompletableFuture<@Nullable Void> stopped) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.closing(this);
        }
    }

    /** The pool's owner wants something of its workers. */
    record Order(Consumer<Crew> what) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.order(this);
        }
    }

    /** One of several users of the pool has no new work; {@code left} completes when what it submitted is finished. */
    record UserLeaves(Object owner, boolean now, CompletableFuture<@Nullable Void> left) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.userLeaves(this);
        }
    }

    /** Somebody wants to know how the pool is. */
    record Asked(CompletableFuture<PoolStats> answer) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.asked(this);
        }
    }

    // what processes do

    record Prepared(Slot slot, int incarnation, RecorderReader recorder, WorkerStarter.Entry entry)
            implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.prepared(this);
        }
    }

    record Launched(Slot slot, int incarnation, WorkerProcess process) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.launched(this);
        }
    }

    record Exited(Slot slot, int incarnation) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.exited(this);
        }
    }

    record NotLaunched(Slot slot, int incarnation, String why) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.notLaunched(this);
        }
    }

    record NoRoom(Slot slot, int incarnation) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.noRoom(this);
        }
    }

    record Diagnosed(Casualty casualty, WorkerProcess.Death death) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.diagnosed(this);
        }
    }

    // what workers say

    record Connected(Slot slot, int incarnation, WorkerPort port, long pid, long maxHeapBytes)
            implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.connected(this);
        }
    }

    record Refused(Slot slot, int incarnation, String why) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.refused(this);
        }
    }

    record Doorbell(Slot slot, int incarnation) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.doorbell(this);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are handed on
    record Large(
            Slot slot, int incarnation, long chunkId, int position, ResultKind kind, long elapsedNanos, byte[] bytes)
            implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.large(this);
        }
    }

    record GivenBack(Slot slot, int incarnation, long chunkId, int end) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.givenBack(this);
        }
    }

    record Nested(Slot slot, int incarnation, NestedSaid said) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.nested(this);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are handed on
    record Initialised(Slot slot, int incarnation, byte[] failure) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.initialised(this);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are handed on
    record ExitEnded(Slot slot, int incarnation, byte[] failure) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.exitEnded(this);
        }
    }

    record Wanted(Slot slot, int incarnation, long home, long id) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.wanted(this);
        }
    }

    /** A task says how far its item is; with an index of its own where that is of one of the item's own calls. */
    record Progressed(
            Slot slot, int incarnation, long chunkId, int position, long nestedIndex, double fraction, String text)
            implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.progressed(this);
        }
    }

    record Disconnected(Slot slot, int incarnation, String why) implements DispatchEvent {
        @Override
        public void to(Handlers h) {
            h.disconnected(this);
        }
    }

    /**
     * An item whose worker died while it ran.
     *
     * @param call it belongs to
     * @param block holds it
     * @param index its place in the input
     * @param attempt how often it had been begun
     * @param worker that died
     */
    record Casualty(CallState call, ItemBlock block, long index, int attempt, WorkerId worker) {}

    /** The one switch. */
    interface Handlers {
        void submitted(Submitted e);

        void forEachSlot(ForEachSlot e);

        void encoded(Encoded e);

        void notEncoded(NotEncoded e);

        void inputEnded(InputEnded e);

        void taken(Taken e);

        void cancelCall(CancelCall e);

        void cancelItem(CancelItem e);

        void letRun(LetRun e);

        void unshared(Unshared e);

        void closing(Closing e);

        void order(Order e);

        void asked(Asked e);

        void userLeaves(UserLeaves e);

        void prepared(Prepared e);

        void launched(Launched e);

        void exited(Exited e);

        void notLaunched(NotLaunched e);

        void noRoom(NoRoom e);

        void diagnosed(Diagnosed e);

        void connected(Connected e);

        void refused(Refused e);

        void doorbell(Doorbell e);

        void large(Large e);

        void givenBack(GivenBack e);

        void nested(Nested e);

        void initialised(Initialised e);

        void exitEnded(ExitEnded e);

        void wanted(Wanted e);

        void progressed(Progressed e);

        void disconnected(Disconnected e);
    }
}
