// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import io.multijvm.codec.AroundTask;
import io.multijvm.task.SerializableCallable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A task that is only a {@code Callable}, as code for any {@code ExecutorService} has it.
 *
 * @param callable of a named class; one that does not cross is refused when this is encoded
 */
@SuppressWarnings("serial") // by Java serialisation it crosses if the callable is serialisable, else it is refused
public record PlainCallable<R extends @Nullable Object>(Callable<? extends R> callable)
        implements SerializableCallable<R>, AroundTask {

    @Override
    public R callOrThrow() throws Exception {
        return callable.call();
    }

    @Override
    public Object inner() {
        return callable;
    }
}
