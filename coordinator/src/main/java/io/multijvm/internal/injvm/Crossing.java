// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.Failures;
import io.multijvm.codec.ForyCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.RemoteTaskException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.wire.v1.FailurePhase;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * What would happen to a value between two JVMs, done within this one: refused if it cannot cross, and copied if asked.
 * Of the rules for what may come back only the one that knows no exception is kept: there is nobody here to distrust.
 */
final class Crossing {
    private final ValueCodec there;
    private final ValueCodec back;
    private final ClassLoader loader;
    private final boolean copies;
    private final PoolContext pool;

    /**
     * @param loader finds the classes of tasks, items and results
     * @param pool what tasks can know of their pool
     * @param copies whether only a copy is seen on the other side; else values are checked, and shared by reference
     */
    Crossing(ClassLoader loader, PoolContext pool, boolean copies) {
        there = new ValueCodec(new ForyCodec(), loader, AllowList.everything());
        back = new ValueCodec(new ForyCodec(), loader, Crossing::mayComeBack);
        this.loader = loader;
        this.copies = copies;
        this.pool = pool;
    }

    PoolContext pool() {
        return pool;
    }

    /** As the call wants it. */
    Crossing with(CallSettings settings) {
        return settings.copy() && !copies ? new Crossing(loader, pool, true) : this;
    }

    private static boolean mayComeBack(Class<?> type) {
        return type != SerializedLambda.class && !Proxy.isProxyClass(type) && !type.isHidden();
    }

    /**
     * The task as its items see it.
     *
     * @throws PayloadException if it cannot cross
     */
    <V> V task(V task) {
        byte[] bytes = there.encode(task, "task");
        return copies ? Crossing.<V>decoded(there, bytes) : task;
    }

    /**
     * Shared data as tasks see them.
     *
     * @throws PayloadException if they cannot cross
     */
    <V> Crossed<V> shared(V value) {
        byte[] bytes = there.encode(value, "shared value");
        return new Crossed<>(copies ? Crossing.<V>decoded(there, bytes) : value, bytes.length);
    }

    /**
     * A value on the other side.
     *
     * @param bytes how many it took to cross
     */
    record Crossed<V>(V value, int bytes) {}

    /**
     * The item as the task sees it.
     *
     * @throws PayloadException if it cannot cross
     */
    <V extends @Nullable Object> V item(V item) {
        if (copies ? Leaves.isImmutable(item) : Leaves.crosses(item)) {
            return item;
        }
        byte[] bytes = there.encode(item, "item");
        return copies ? Crossing.<V>decoded(there, bytes) : item;
    }

    /**
     * The result as the caller sees it.
     *
     * @throws PayloadException if it cannot cross
     */
    <V extends @Nullable Object> V result(V result) {
        if (copies ? Leaves.isImmutable(result) : Leaves.crosses(result)) {
            return result;
        }
        // decoded even if the copy is not wanted: what may not come back is known only then
        V copy = Crossing.<V>decoded(back, back.encode(result, "result"));
        return copies ? copy : result;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"
    }) // the codec gives back what it was given, a null only for a null
    private static <V extends @Nullable Object> V decoded(ValueCodec codec, byte[] bytes) {
        return (V) codec.decode(bytes, 0, bytes.length);
    }

    /**
     * What the caller is told of something that was thrown on the other side, in the words that a pool of processes uses.
     */
    MultijvmException failure(Throwable thrown, FailurePhase phase, long index, String where) {
        MultijvmException told = Failures.toException(Failures.of(thrown, phase, back), index, back, where);
        boolean sharesCause = !copies
                && told instanceof TaskFailedException
                && !(told.getCause() instanceof RemoteTaskException && !(thrown instanceof RemoteTaskException));
        return sharesCause ? new TaskFailedException(index, String.valueOf(told.getMessage()), thrown) : told;
    }

    /** As {@link #failure}, for an item that was refused before it began; a process would never have seen it. */
    static PayloadException refusedItem(PayloadException refusal, long index) {
        return new PayloadException(
                "item " + index + ": " + refusal.getMessage(), refusal.path(), refusal.advice(), refusal.getCause());
    }
}
