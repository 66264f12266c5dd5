// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The item ran longer than its time limit, which counts from the item's own beginning, not from its chunk's or the call's;
 * or the deadline of its whole call was over before it had a result, see {@link #ofWholeCall()}. An item that ran was
 * interrupted and, if it did not follow, its worker was ended. It may have had effects.
 */
public final class TaskTimeoutException extends MultijvmException {
    private static final int SHOWN_FRAMES = 8;

    private final long index;
    private final Duration limit;
    private final List<String> stack;
    private final boolean ofWholeCall;

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
        this.ofWholeCall = false;
    }

    private TaskTimeoutException(long index, Duration deadline, String message) {
        super(FailureKind.TIMEOUT, message, null);
        this.index = index;
        this.limit = deadline;
        this.stack = List.of();
        this.ofWholeCall = true;
    }

    /**
     * The whole call's time was over.
     *
     * @param index of an item without a result
     * @param deadline that the call had
     * @param state what the item was doing: {@code it was running in worker 1 (pid 7)}
     */
    public static TaskTimeoutException ofCall(long index, Duration deadline, String state) {
        return new TaskTimeoutException(
                index,
                deadline,
                "item " + index + ": the call's deadline of " + words(deadline) + " was over; " + state
                        + "\n  Give the call more time or more workers; outcomes() and imap() give what is ready in time.");
    }

    /** The item's place in the input, from 0. */
    public long index() {
        return index;
    }

    /** Whether the time was that of the whole call, and not of the item. */
    public boolean ofWholeCall() {
        return ofWholeCall;
    }

    /** The time that the item had, or the whole call. */
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
