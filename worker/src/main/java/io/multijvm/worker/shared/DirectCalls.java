// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.objects.Frame;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A collection in the JVM of its owner: its calls without any message. Thread-safe. */
public interface DirectCalls {
    /** Does the call in this thread; null if another is at work there, or was called before. */
    @Nullable
    Frame now(Frame call);

    /**
     * Does the call after all that were called before.
     *
     * @param waited whether the thread that calls does nothing else before it has the answer
     * @param answered called once, by another thread, unless the collection is closed before
     * @return to be run when nobody waits for the answer any more, if there was none; may be run otherwise too
     * @throws io.multijvm.failure.DeadlockException if it would wait for itself
     */
    Runnable later(Frame call, boolean waited, Consumer<Frame> answered);

    /** Objects like this one may be decoded by the owner from now on, for its own program uses them. */
    void trust(Object value);
}
