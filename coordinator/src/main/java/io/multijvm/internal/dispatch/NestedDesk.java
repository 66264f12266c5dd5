// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.PayloadException;
import io.multijvm.internal.result.RawOutcome;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does what workers say for tasks that speak to their own pool. Owned by the event loop. */
final class NestedDesk {
    private final NestedCalls nested;
    private final CallsInHand calls;
    private final Stopper stopper;
    private final Books books;
    private final Consumer<CallState> touched;
    private final PoolState pool;
    private final Saying saying = new Saying();
    /** Whose word it is; only within {@link #said}. */
    private @Nullable Slot slot;

    /** The pool's phase. */
    interface PoolState {
        /** Why no call is taken; null if it is. */
        @Nullable
        Throwable refusal();

        void stop(boolean now);
    }

    NestedDesk(
            NestedCalls nested,
            CallsInHand calls,
            Stopper stopper,
            Books books,
            Consumer<CallState> touched,
            PoolState pool) {
        this.nested = nested;
        this.calls = calls;
        this.stopper = stopper;
        this.books = books;
        this.touched = touched;
        this.pool = pool;
    }

    void said(Slot by, NestedSaid said) {
        slot = by;
        said.to(saying);
        slot = null;
    }

    private Slot slot() {
        if (slot == null) {
            throw new IllegalStateException("nobody said anything");
        }
        return slot;
    }

    /** What each kind does. A word about a call that is over, or was never taken, came too late and means nothing. */
    private final class Saying implements NestedSaid.Handlers {
        private NestedCalls.@Nullable Nested find(long call) {
            return nested.find(slot(), call);
        }

        @Override
        public void begin(NestedSaid.Begin said) {
            Throwable refusal = pool.refusal();
            WorkerPort port = slot().port;
            if (refusal == null) {
                CallState call = nested.begin(slot(), said);
                if (call != null) {
                    call.books = books;
                    calls.add(call);
                    touched.accept(call);
                }
            } else if (port != null) {
                port.nestedAbandoned(said.call(), refusal);
                port.flush();
            }
        }

        @Override
        public void items(NestedSaid.Items said) {
            NestedCalls.Nested call = find(said.call());
            if (call != null && call.state.reading()) {
                call.state.accept(NestedCalls.owned(call, said.block()));
                touched.accept(call.state);
            }
        }

        @Override
        public void notEncoded(NestedSaid.NotEncoded said) {
            NestedCalls.Nested call = find(said.call());
            if (call != null && call.state.reading()) {
                call.state.acceptFailed(RawOutcome.error(
                        said.index(),
                        0,
                        new PayloadException("an item of a task's own call cannot cross", "item", null)));
                touched.accept(call.state);
            }
        }

        @Override
        public void inputEnded(NestedSaid.InputEnded said) {
            NestedCalls.Nested call = find(said.call());
            if (call != null && call.state.reading()) {
                call.state.inputEnded(null);
                touched.accept(call.state);
            }
        }

        @Override
        public void taken(NestedSaid.Taken said) {
            NestedCalls.Nested call = find(said.call());
            if (call != null) {
                call.state.taken(said.items(), said.bytes());
            }
        }

        @Override
        public void cancelCall(NestedSaid.CancelCall said) {
            NestedCalls.Nested call = find(said.call());
            if (call != null) {
                call.state.cancel(new CancellationException("cancelled"));
                if (said.letRun()) {
                    nested.dropGranted(call.state);
                    stopper.takeBack(call.state, null);
                } else {
                    stopper.stopWhatRuns(call.state, said.byForce());
                }
                touched.accept(call.state);
            }
        }

        @Override
        public void cancelItem(NestedSaid.CancelItem said) {
            NestedCalls.Nested call = find(said.call());
            if (call != null) {
                nested.unwanted(call, said.index());
                if (said.letRun()) {
                    stopper.takeBack(call.state, (Object) said.index());
                } else {
                    stopper.stopItem(call.state, said.index());
                }
                touched.accept(call.state);
            }
        }

        @Override
        public void waiting(NestedSaid.Waiting said) {
            NestedCalls.Nested call = find(said.call());
            if (call != null) {
                call.waits = said.waits();
            }
        }

        @Override
        public void ran(NestedSaid.Ran said) {
            NestedCalls.Nested call = find(said.call());
            if (call != null) {
                nested.ran(call, said);
            }
        }

        @Override
        public void givenBack(NestedSaid.GivenBack said) {
            NestedCalls.Nested call = find(said.call());
            if (call != null) {
                nested.givenBack(call, said);
            }
        }

        @Override
        public void stop(NestedSaid.Stop said) {
            pool.stop(said.now());
        }
    }
}
