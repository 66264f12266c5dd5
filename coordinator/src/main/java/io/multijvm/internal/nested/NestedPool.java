// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.nested;

import io.multijvm.codec.ValueCodec;
import io.multijvm.internal.call.CallEngine;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.dispatch.CallDesk;
import io.multijvm.internal.pool.EngineParts;
import io.multijvm.internal.pool.ProcessEngine;
import io.multijvm.worker.nested.Frame;
import java.util.concurrent.ExecutorService;

/** The pool that runs a task of this worker, for as long as that task runs. */
public final class NestedPool implements Frame.Pool {
    private final NestedShared shared;
    private final WorkerDesk desk;
    private final CallEngine engine;

    private NestedPool(Frame frame) {
        shared = NestedShared.of(frame.host());
        desk = new WorkerDesk(frame, shared.support());
        engine = new Engine(new Parts());
    }

    /** The pool that runs the frame's item. */
    public static NestedPool of(Frame frame) {
        return (NestedPool) frame.pool(NestedPool::new);
    }

    public CallEngine engine() {
        return engine;
    }

    /** How calls are where the task does not say otherwise: as the pool's maker has said. */
    public CallSettings defaults() {
        return shared.defaults();
    }

    @Override
    public void frameEnded() {
        desk.frameEnded();
    }

    /** What the pool's engine stands on in this process. */
    private final class Parts implements EngineParts {
        @Override
        public ValueCodec codec() {
            return shared.codec();
        }

        @Override
        public ExecutorService support() {
            return shared.support();
        }

        @Override
        public CallDesk dispatcher() {
            return desk;
        }

        @Override
        public void admit(Object task) {
            shared.trusted().admit(task);
        }

        @Override
        public void refuseInLoop(String what) {
            // no code of a task's runs on the worker's loop
        }

        @Override
        public void release() {
            // what a task may stop is not its own
        }
    }

    /** The same engine as in the coordinator, but for its end. */
    private static final class Engine extends ProcessEngine {
        Engine(EngineParts parts) {
            super(parts);
        }

        @Override
        public void close() {
            throw new IllegalStateException(
                    "close() was called by a task of the pool itself and would wait for that task;"
                            + " return from the task first, or call terminate()");
        }
    }
}
