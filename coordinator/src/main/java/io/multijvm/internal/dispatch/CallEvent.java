// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.PayloadException;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.result.AnswerFuture;
import org.jspecify.annotations.Nullable;

/** What callers and feeders say of their calls. */
sealed interface CallEvent extends DispatchEvent {

    record Submitted(CallState call) implements CallEvent {
        @Override
        public void to(Switch to) {
            to.calls().submitted(this);
        }
    }

    /** A broadcast's items, which only the loop can count. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are handed on
    record ForEachSlot(CallState call, byte[] item, int largeFrom) implements CallEvent {
        @Override
        public void to(Switch to) {
            to.calls().forEachSlot(this);
        }
    }

    record Encoded(CallState call, ItemBlock block) implements CallEvent {
        @Override
        public void to(Switch to) {
            to.calls().encoded(this);
        }
    }

    record NotEncoded(CallState call, long index, PayloadException why) implements CallEvent {
        @Override
        public void to(Switch to) {
            to.calls().notEncoded(this);
        }
    }

    record InputEnded(CallState call, @Nullable Throwable failure) implements CallEvent {
        @Override
        public void to(Switch to) {
            to.calls().inputEnded(this);
        }
    }

    record Taken(CallState call, int items, long bytes) implements CallEvent {
        @Override
        public void to(Switch to) {
            to.calls().taken(this);
        }
    }

    record CancelCall(CallState call, boolean byForce) implements CallEvent {
        @Override
        public void to(Switch to) {
            to.calls().cancelCall(this);
        }
    }

    record CancelItem(CallState call, AnswerFuture<?> future) implements CallEvent {
        @Override
        public void to(Switch to) {
            to.calls().cancelItem(this);
        }
    }

    /** Nobody wants the results any more, of the call or of that one item; what has begun may come to its end. */
    record LetRun(CallState call, @Nullable AnswerFuture<?> future) implements CallEvent {
        @Override
        public void to(Switch to) {
            to.calls().letRun(this);
        }
    }

    /** The part of the switch over these. */
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
    }
}
