// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import io.multijvm.shared.Waitable;
import java.util.concurrent.CompletableFuture;

/** Waiting for a future in such a way that one can stop waiting: nothing of it is left at the future then. */
public final class WhenDone {
    private WhenDone() {}

    /** Runs the action once the future is done, whatever with; at once if it is. */
    public static Waitable.Registration run(CompletableFuture<?> future, Runnable action) {
        CompletableFuture<Runnable> dropped = new CompletableFuture<>();
        // a future forgets an anyOf that another has completed
        var unused = CompletableFuture.anyOf(future, dropped).whenComplete((value, failure) -> {
            if (future.isDone()) {
                action.run();
            }
        });
        return () -> dropped.complete(action);
    }
}
