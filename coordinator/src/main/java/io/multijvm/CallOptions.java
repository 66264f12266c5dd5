// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.internal.call.CallSettings;
import java.time.Duration;
import java.util.List;

/**
 * How one call treats its items. Not thread-safe; used inside {@link Calls#with}.
 *
 * <ul>
 *   <li>{@code chunkSize}: adaptive
 *   <li>{@code buffer}: adaptive
 *   <li>{@code retries}: 0
 *   <li>{@code retryOn}: CRASH, OUT_OF_MEMORY
 *   <li>{@code itemTimeout}: none
 *   <li>order of a lazy stream: the input's
 * </ul>
 */
public final class CallOptions {
    private CallSettings settings;

    CallOptions(CallSettings settings) {
        this.settings = settings;
    }

    /**
     * How many items cross together. A matter of speed only: blame, retries and progress are by item. By default the
     * first items measure their own cost, and a chunk is then about 10 ms of work and at most a fair share of what is
     * left.
     *
     * @param items at least 1
     */
    public CallOptions chunkSize(int items) {
        settings = settings.withChunkSize(items);
        return this;
    }

    /**
     * How many items a lazy stream reads ahead of its consumer, at most. By default enough to keep every worker busy for
     * some 20 ms, and at least twice the workers.
     *
     * @param items at least 1
     */
    public CallOptions buffer(int items) {
        settings = settings.withBuffer(items);
        return this;
    }

    /**
     * How often an item is begun again after its worker died while it ran, or what else {@link #retryOn} names. Default 0,
     * for a task need not be repeatable. An item that has killed two workers is not run again whatever this says. A task
     * that throws is never run again.
     *
     * @param times 0 or more
     */
    public CallOptions retries(int times) {
        settings = settings.withRetries(times);
        return this;
    }

    /**
     * After which failures {@link #retries} applies. By default after deaths of the worker: CRASH and OUT_OF_MEMORY.
     *
     * @param kinds of CRASH, OUT_OF_MEMORY and TIMEOUT; none is the same as no retries
     * @throws IllegalArgumentException for another kind
     */
    public CallOptions retryOn(FailureKind... kinds) {
        settings = settings.withRetryOn(List.of(kinds));
        return this;
    }

    /**
     * How long each item may run, from its own beginning: an item that waits for its turn in a chunk uses none of it. By
     * default without limit. When the time is over the item has failed with {@link TaskTimeoutException}, which holds the
     * stack it stood in, and nothing it does afterwards changes that. It is interrupted; if it runs on for a second its
     * worker is asked to end (SIGTERM), and a second later killed, while the items behind it in its chunk run elsewhere.
     *
     * <p>A pool of threads, or a serial one, can only interrupt: an item that ignores that holds its thread, and fails when
     * it ends.
     *
     * @param limit more than zero
     */
    public CallOptions itemTimeout(Duration limit) {
        settings = settings.withItemTimeout(limit);
        return this;
    }

    /**
     * Lazy streams give each result as soon as it is there, not in input order; all else stays the same. Of use where one
     * slow item would hold up the others' results. By default, and for lists always, the order is the input's. See
     * Python's {@code Pool.imap_unordered}.
     */
    public CallOptions unordered() {
        settings = settings.withOrder(false);
        return this;
    }

    CallSettings settings() {
        return settings;
    }
}
