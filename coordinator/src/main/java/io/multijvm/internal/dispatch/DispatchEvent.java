// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.result.Printed;
import io.multijvm.internal.result.WorkerId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can change what is in flight or how a worker is. Events meet in one place, {@link Switch}, on one
 * thread, so that a result, a death and a cancel can never race: whichever is seen first wins.
 */
sealed interface DispatchEvent permits CallEvent, OwnerEvent, ProcessEvent, WorkerEvent {

    /** Java 17 has no switch over types; this has the same effect: a kind without its handler does not compile. */
    void to(Switch handlers);

    /**
     * An item whose worker died while it ran.
     *
     * @param call it belongs to
     * @param block holds it
     * @param index its place in the input
     * @param attempt how often it had been begun
     * @param worker that died
     * @param ran how long it had run; null if that is not known
     * @param printed what it wrote, until its worker's end
     */
    record Casualty(
            CallState call,
            ItemBlock block,
            long index,
            int attempt,
            WorkerId worker,
            @Nullable Duration ran,
            Printed printed) {
        /** The same, where it has been begun so often by now. */
        Casualty after(int attempts) {
            return new Casualty(call, block, index, attempts, worker, ran, printed);
        }
    }

    /**
     * The one switch, by who speaks.
     *
     * @param calls what callers and feeders say
     * @param owner what the pool's owner says
     * @param processes what becomes of processes
     * @param workers what workers say
     */
    record Switch(
            CallEvent.Handlers calls,
            OwnerEvent.Handlers owner,
            ProcessEvent.Handlers processes,
            WorkerEvent.Handlers workers) {}
}
