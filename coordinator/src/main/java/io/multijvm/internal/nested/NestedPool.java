// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.nested;

import io.multijvm.PoolListener;
import io.multijvm.PoolStats;
import io.multijvm.codec.ValueCodec;
import io.multijvm.internal.call.CallEngine;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.dispatch.CallDesk;
import io.multijvm.internal.pool.EngineParts;
import io.multijvm.internal.pool.ProcessCalls;
import io.multijvm.internal.result.Callbacks;
import io.multijvm.shared.Shared;
import io.multijvm.task.SerializableCallable;
import io.multijvm.worker.nested.Frame;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

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

    static IllegalStateException wouldWait(String what) {
        return new IllegalStateException(what + " was called by a task of the pool itself and would wait for that task;"
                + " return from the task first, or call terminate()");
    }

    /** What the pool's engine stands on in this process. */
    private final class Parts implements EngineParts {
        @Override
        public ValueCodec codec() {
            return shared.codec();
        }

        @Override
        public ExecutorService feeders() {
            return shared.support();
        }

        @Override
        public Callbacks callbacks() {
            return shared.callbacks();
        }

        @Override
        public long nextCall() {
            return shared.nextCall();
        }

        @Override
        public long seed() {
            return shared.seed();
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

    /** The same calls as in the coordinator; what concerns the pool as a whole is for the program that made it. */
    private static final class Engine extends ProcessCalls {
        Engine(EngineParts parts) {
            super(parts);
        }

        @Override
        public void close() {
            throw wouldWait("close()");
        }

        /** The workers end, and with them whoever could be told what they had not begun. */
        @Override
        public List<SerializableCallable<?>> shutdownNow() {
            terminate();
            return List.of();
        }

        /** The task that asks has not ended. */
        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            throw wouldWait("awaitTermination()");
        }

        @Override
        public <T> Shared<T> share(T value) {
            throw forItsMaker("share()");
        }

        @Override
        public void whenOver(Runnable action) {
            throw forItsMaker("manager()");
        }

        @Override
        public void resize(int workers) {
            throw forItsMaker("resize()");
        }

        @Override
        public void restart() {
            throw forItsMaker("restart()");
        }

        @Override
        public PoolStats stats() {
            throw forItsMaker("stats()");
        }

        @Override
        public void addListener(PoolListener listener) {
            throw forItsMaker("addListener()");
        }

        private static UnsupportedOperationException forItsMaker(String what) {
            return new UnsupportedOperationException(
                    what + " was called by a task of the pool itself, in a worker process;"
                            + " call it in the program that made the pool, and give tasks what they need of it");
        }
    }
}
