// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The item ran longer than its time limit, which counts from the item's own beginning, not from its chunk's or the call's.
 * It was interrupted and, if it did not follow, its worker was ended. The item may have had effects.
 */
public final class TaskTimeoutException extends MultijvmException {
    private static final int SHOWN_FRAMES = 8;

    private final long index;
    private final Duration limit;
    private final List<String> stack;

    /**
     * @param index the item's place in the input, from 0
     * @param limit that it had
     * @param where the worker or thread that ran it, for the message
     * @param stack where the item stood when its time was over, innermost frame first; empty if that is not known
     */
    public TaskTimeoutException(long index, Duration limit, String where, List<String> stack) {
        super(FailureKind.TIMEOUT, message(index, limit, where, stack), null);
        this.index = index;
        this.limit = limit;
        this.stack = List.copyOf(stack);
    }

    /** The item's place in the input, from 0. */
    public long index() {
        return index;
    }

    /** The time that the item had. */
    public Duration limit() {
        return limit;
    }

    /** Where the item stood when its time was over, innermost frame first; empty if that could not be found out. */
    public List<String> stack() {
        return stack;
    }

    private static String message(long index, Duration limit, String where, List<String> stack) {
        String frames = stack.isEmpty()
                ? "\n  where it stood is not known: it reached no safepoint"
                : stack.stream().limit(SHOWN_FRAMES).collect(Collectors.joining("\n  at ", "\n  at ", ""));
        return "item " + index + ": timed out after " + words(limit) + " in " + where + frames
                + "\n  Look at what it waits for or computes there, or give items more time.";
    }

    private static String words(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }
}
