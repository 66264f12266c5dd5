// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.internal.call.CallSettings;

/**
 * How one call treats its items. Not thread-safe; used inside {@link Calls#with}.
 *
 * <ul>
 *   <li>{@code chunkSize}: adaptive
 *   <li>{@code buffer}: adaptive
 *   <li>{@code retries}: 0
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
     * How often an item is begun again after its worker died while it ran. Default 0, for a task need not be repeatable.
     * An item that has killed two workers is not run again whatever this says. A task that throws is never run again.
     *
     * @param times 0 or more
     */
    public CallOptions retries(int times) {
        settings = settings.withRetries(times);
        return this;
    }

    CallSettings settings() {
        return settings;
    }
}
