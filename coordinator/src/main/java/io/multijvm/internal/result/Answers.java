// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Waiting for an answer as the blocking methods of a pool do it. */
public final class Answers {
    private Answers() {}

    /** As {@code join}, with the failure itself thrown and not wrapped; unchecked, as all of ours are. */
    public static <R extends @Nullable Object> R joinUnwrapped(CompletableFuture<R> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw unchecked(e.getCause() == null ? e : e.getCause());
        }
    }

    /** {@code failure} as something that can be thrown here; an error or a checked exception of an input keeps its type. */
    public static RuntimeException unchecked(Throwable failure) {
        Answers.<RuntimeException>sneak(failure);
        throw new AssertionError("thrown above", failure);
    }

    @SuppressWarnings("unchecked") // the cast is erased: that is the trick
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }
}
