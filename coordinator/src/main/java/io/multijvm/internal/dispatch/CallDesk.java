// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.PayloadException;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.result.AnswerFuture;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where callers and feeders hand in their calls: the {@link Dispatcher} itself, or in a worker what passes them on to it.
 * From any thread; never blocks.
 */
public interface CallDesk {
    /** A new call; its blocks follow. */
    void submit(CallState call);

    /** A new call of one item for each slot, all of the same encoded bytes. */
    void broadcast(CallState call, byte[] item, int largeFrom);

    /** Encoded items of a submitted call, in order. */
    void encoded(CallState call, ItemBlock block);

    /** An item that cannot cross. */
    void notEncoded(CallState call, long index, PayloadException why);

    /** No more items of this call. */
    void inputEnded(CallState call, @Nullable Throwable failure);

    /** The consumer of a lazy call came along. */
    void taken(CallState call, int items, long bytes);

    /** Nobody wants the call's results any more. */
    void cancel(CallState call, boolean byForce);

    /** Nobody wants this item's result any more. */
    void cancel(CallState call, AnswerFuture<?> future);

    /** Nobody wants the call's results any more; what runs may come to its end. */
    void letRun(CallState call);

    /** Nobody wants this item's result any more; if it runs it may come to its end. */
    void letRun(CallState call, AnswerFuture<?> future);

    /**
     * No new work.
     *
     * @param now drop and end everything, else finish what was submitted
     * @return completes when all workers are gone
     */
    CompletableFuture<@Nullable Void> stop(boolean now);

    /** See {@link io.multijvm.internal.result.WaitHelp#help}; for a thread that waits for this call. */
    default boolean help(CallState call) {
        return false;
    }

    /** See {@link io.multijvm.internal.result.WaitHelp#waited}. */
    default void waited(CallState call) {}
}
