// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import java.util.OptionalLong;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * What was logged in a worker, as handlers and filters in this JVM get it: see {@link Logging#FORWARD}. Its message is formatted,
 * names worker and item, and has the stack of what was thrown behind it; {@link #getThrown} is always null. Time, source class and
 * source method are the worker's.
 */
public final class WorkerLogRecord extends LogRecord {
    private static final long serialVersionUID = 1;

    private final int slot;
    private final long item;

    /** @param item its index, or -1 */
    public WorkerLogRecord(Level level, String message, int slot, long item) {
        super(level, message);
        this.slot = slot;
        this.item = item;
    }

    /** The worker's place in its pool, from 0; -1 of a standby that has none yet. */
    public int slot() {
        return slot;
    }

    /** The place in its input of the item that ran when this was logged; empty if none did. */
    public OptionalLong item() {
        return item < 0 ? OptionalLong.empty() : OptionalLong.of(item);
    }
}
