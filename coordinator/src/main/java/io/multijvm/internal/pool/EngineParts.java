// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.codec.ValueCodec;
import io.multijvm.internal.dispatch.CallDesk;
import io.multijvm.internal.result.Callbacks;
import java.util.concurrent.ExecutorService;

/** What a {@link ProcessEngine} stands on: in the coordinator the pool itself, in a worker a line to it. */
public interface EngineParts {
    /** For all that crosses. */
    ValueCodec codec();

    /** Threads that read inputs; as many as needed. */
    ExecutorService feeders();

    /** Where futures are answered. */
    Callbacks callbacks();

    /** Takes the calls. */
    CallDesk dispatcher();

    /** A number for a call, unlike that of any other here. */
    long nextCall();

    /** What random numbers begin with. */
    long seed();

    /** Results of this task may hold classes from where it came. */
    void admit(Object task);

    /**
     * Lets only threads on that may wait.
     *
     * @throws IllegalStateException on the event loop
     */
    void refuseInLoop(String what);

    /** Gives everything back; the workers are gone. */
    void release();
}
