// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import io.multijvm.codec.AroundTask;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableRunnable;
import org.jspecify.annotations.Nullable;

/**
 * A task without a result: null stands for it.
 *
 * @param runnable of a named class, or serialisable; one that does not cross is refused when this is encoded
 */
@SuppressWarnings({
    "serial", // by Java serialisation it crosses if the runnable is serialisable, else it is refused
    "NullAway" // it does not see the @Nullable of the type argument
})
public record PlainRunnable(Runnable runnable) implements SerializableCallable<@Nullable Void>, AroundTask {

    @Override
    public @Nullable Void callOrThrow() throws Exception {
        if (runnable instanceof SerializableRunnable serializable) {
            serializable.runOrThrow();
        } else {
            runnable.run();
        }
        return null;
    }

    @Override
    public Object inner() {
        return runnable;
    }
}
