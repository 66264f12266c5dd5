// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.codec.ValueCodec;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.dispatch.CallDesk;
import io.multijvm.internal.dispatch.CallState;
import io.multijvm.internal.dispatch.Gate;
import io.multijvm.internal.result.AnswerFuture;
import io.multijvm.internal.result.Callbacks;
import io.multijvm.internal.result.SubmitSink;
import io.multijvm.internal.result.WaitHelp;
import io.multijvm.task.SerializableCallable;
import io.multijvm.wire.Protocol;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What callers submit one by one. Those with the same settings are items of one call, so that those that wait together cross
 * together. Thread-safe.
 */
final class SingleTasks {
    private final EngineParts parts;
    private final Callbacks callbacks;
    private final ValueCodec codec;
    private final CallDesk dispatcher;
    private final PoolEnd end;
    private final Object owner;
    private final Map<CallSettings, Submits> submits = new ConcurrentHashMap<>();
    private final RepeatedCaptures repeats = new RepeatedCaptures();

    /**
     * @param callbacks know which of this user's futures are still to be answered
     * @param end of the pool, or of this user's part in it
     * @param owner whose calls they are
     */
    SingleTasks(EngineParts parts, Callbacks callbacks, PoolEnd end, Object owner) {
        this.parts = parts;
        this.callbacks = callbacks;
        this.codec = parts.codec();
        this.dispatcher = parts.dispatcher();
        this.end = end;
        this.owner = owner;
    }

    /** Single tasks with the same settings, how one of them is stopped, and what can be done for it. */
    private final class Submits implements AnswerFuture.Stopping, WaitHelp {
        private final CallState call;
        private final SubmitSink sink;
        private final AtomicLong nextIndex = new AtomicLong();

        Submits(CallState call, SubmitSink sink) {
            this.call = call;
            this.sink = sink;
        }

        @Override
        public void stop(AnswerFuture<?> future) {
            dispatcher.cancel(call, future);
        }

        @Override
        public void letRun(AnswerFuture<?> future) {
            dispatcher.letRun(call, future);
        }

        @Override
        public boolean help() {
            return dispatcher.help(call);
        }

        @Override
        public void waited() {
            dispatcher.waited(call);
        }
    }

    /**
     * Hands a task in; throws a {@link RejectedExecutionException} after the end.
     *
     * @return completes with what becomes of it
     */
    <R extends @Nullable Object> AnswerFuture<R> send(SerializableCallable<R> task, CallSettings settings) {
        if (end.isClosed()) {
            throw PoolEnd.rejection();
        }
        parts.admit(task);
        byte[] encoded = codec.encode(task, "task");
        repeats.sends(task, encoded.length);
        CallSettings own = settings.forSubmits();
        boolean alone = own.ofOneTask();
        Submits target = alone ? newSubmits(own) : submits.computeIfAbsent(own, this::newSubmits);
        AnswerFuture<R> future = new AnswerFuture<>(codec, callbacks, target, target);
        long index = target.nextIndex.getAndIncrement();
        dispatcher.encoded(target.call, ItemBlock.single(index, encoded, Protocol.MAX_INLINE_ITEM_BYTES, future));
        if (alone) {
            dispatcher.inputEnded(target.call, null);
        }
        if (end.isClosed()) {
            // since it was asked above: if it is gone before the dispatcher hears of the task, nobody else would tell
            end.whenOver(future::cutOff);
        }
        return future;
    }

    private Submits newSubmits(CallSettings settings) {
        SubmitSink sink = new SubmitSink();
        CallState call = new CallState(
                parts.nextCall(),
                codec.encode(SerializableCallable.caller(), "task"),
                settings,
                sink,
                new Gate(() -> {}),
                CallState.Kind.SUBMITS,
                settings.ofOneTask() ? 1 : -1);
        dispatcher.submit(call.ownedBy(owner));
        return new Submits(call, sink);
    }

    /** The encoded tasks that were never begun, once the workers are gone. */
    Stream<byte[]> takeUnbegun() {
        return submits.values().stream().flatMap(each -> each.sink.takeUnbegun().stream());
    }
}
