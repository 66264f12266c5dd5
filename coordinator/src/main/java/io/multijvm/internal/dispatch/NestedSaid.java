// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.FailureKind;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.chunk.ItemBlock;
import org.jspecify.annotations.Nullable;

/** What a worker says for a task that speaks to its own pool. A call is told by its number in that worker. */
public sealed interface NestedSaid {

    /** One handler for each kind: one that is missing does not compile. */
    void to(Handlers h);

    /**
     * A task makes a call.
     *
     * @param depth how many calls of tasks stand above its items, this one included
     * @param chunkId of the coordinator's item in which this happens
     * @param position of that item in its chunk
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are handed on
    record Begin(
            long call,
            byte[] function,
            CallSettings settings,
            CallState.Kind kind,
            long expected,
            int depth,
            long chunkId,
            int position)
            implements NestedSaid {
        @Override
        public void to(Handlers h) {
            h.begin(this);
        }
    }

    record Items(long call, ItemBlock block) implements NestedSaid {
        @Override
        public void to(Handlers h) {
            h.items(this);
        }
    }

    /** An item that cannot cross; whoever waits for it knows. */
    record NotEncoded(long call, long index) implements NestedSaid {
        @Override
        public void to(Handlers h) {
            h.notEncoded(this);
        }
    }

    record InputEnded(long call) implements NestedSaid {
        @Override
        public void to(Handlers h) {
            h.inputEnded(this);
        }
    }

    record Taken(long call, int items, long bytes) implements NestedSaid {
        @Override
        public void to(Handlers h) {
            h.taken(this);
        }
    }

    /**
     * Nobody wants the call's results any more.
     *
     * @param letRun what runs may come to its end
     */
    record CancelCall(long call, boolean byForce, boolean letRun) implements NestedSaid {
        @Override
        public void to(Handlers h) {
            h.cancelCall(this);
        }
    }

    /**
     * Nobody wants this item's result any more.
     *
     * @param letRun if it runs it may come to its end
     */
    record CancelItem(long call, long index, boolean letRun) implements NestedSaid {
        @Override
        public void to(Handlers h) {
            h.cancelItem(this);
        }
    }

    /** Whether a thread there does nothing but wait for the call. */
    record Waiting(long call, boolean waits) implements NestedSaid {
        @Override
        public void to(Handlers h) {
            h.waiting(this);
        }
    }

    /**
     * It has run an item that was granted to it, and keeps the outcome.
     *
     * @param attempt in which it ended, counted from 1
     * @param failed why there is no result; null if there is one
     * @param dropped nobody waited for it any more
     */
    record Ran(
            long call,
            long index,
            int attempt,
            long elapsedNanos,
            long resultBytes,
            @Nullable FailureKind failed,
            boolean dropped)
            implements NestedSaid {
        @Override
        public void to(Handlers h) {
            h.ran(this);
        }
    }

    /** It will not run these, which were granted to it. */
    record GivenBack(long call, long firstIndex, long endIndex) implements NestedSaid {
        @Override
        public void to(Handlers h) {
            h.givenBack(this);
        }
    }

    /**
     * The pool is to stop.
     *
     * @param now drop and end everything, else finish what was submitted
     */
    record Stop(boolean now) implements NestedSaid {
        @Override
        public void to(Handlers h) {
            h.stop(this);
        }
    }

    /** The one switch. */
    interface Handlers {
        void begin(Begin said);

        void items(Items said);

        void notEncoded(NotEncoded said);

        void inputEnded(InputEnded said);

        void taken(Taken said);

        void cancelCall(CancelCall said);

        void cancelItem(CancelItem said);

        void waiting(Waiting said);

        void ran(Ran said);

        void givenBack(GivenBack said);

        void stop(Stop said);
    }
}
