// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One of three limits was over. The item ran longer than {@code itemTimeout}, which counts from the item's own beginning, not
 * from its chunk's or the call's; or the {@code deadline} of its whole call was over before it had a result, see
 * {@link #ofWholeCall()}; or it waited longer than {@code queueTimeout} to be begun, see {@link #ofQueue()}. An item that ran
 * was interrupted and, if it did not follow, its worker was ended; it may have had effects. One that waited has had none.
 */
public final class TaskTimeoutException extends MultijvmException {
    private static final int SHOWN_FRAMES = 8;

    private final long index;
    private final Duration limit;
    private final List<String> stack;
    private final List<String> deadlock;
    private final Of of;

    /** Whose limit it was. */
    private enum Of {
        ITEM,
        CALL,
        QUEUE
    }

    /**
     * @param index the item's place in the input, from 0
     * @param limit that it had
     * @param where the worker or thread that ran it, for the message
     * @param stack where the item stood when its time was over, innermost frame first; empty if that is not known
     */
    public TaskTimeoutException(long index, Duration limit, String where, List<String> stack) {
        this(index, limit, where, stack, List.of());
    }

    /**
     * As above.
     *
     * @param deadlock as {@link #deadlock()} gives it
     */
    public TaskTimeoutException(long index, Duration limit, String where, List<String> stack, List<String> deadlock) {
        super(FailureKind.TIMEOUT, message(index, limit, where, stack, deadlock), null);
        this.index = index;
        this.limit = limit;
        this.stack = List.copyOf(stack);
        this.deadlock = List.copyOf(deadlock);
        this.of = Of.ITEM;
    }

    private TaskTimeoutException(long index, Duration limit, Of of, String message) {
        super(FailureKind.TIMEOUT, message, null);
        this.index = index;
        this.limit = limit;
        this.stack = List.of();
        this.deadlock = List.of();
        this.of = of;
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
                Of.CALL,
                "item " + index + ": the call's deadline of " + words(deadline) + " was over; " + state
                        + "\n  Give the call more time or more workers; outcomes() and imap() give what is ready in time.");
    }

    /**
     * The item waited too long to be begun, and never will be.
     *
     * @param index the item's place in the input, from 0
     * @param limit that its waiting had
     */
    public static TaskTimeoutException ofQueue(long index, Duration limit) {
        return new TaskTimeoutException(
                index,
                limit,
                Of.QUEUE,
                "item " + index + ": waited longer than its queueTimeout of " + words(limit)
                        + " to be begun; it was not run, and will not be"
                        + "\n  Give the pool more workers, or fewer items at a time, or let items wait longer.");
    }

    /** The item's place in the input, from 0. */
    public long index() {
        return index;
    }

    /** Whether the time was that of the whole call, {@code deadline}, and not of the item. */
    public boolean ofWholeCall() {
        return of == Of.CALL;
    }

    /** Whether the time was that of the item's waiting, {@code queueTimeout}: it was never begun. */
    public boolean ofQueue() {
        return of == Of.QUEUE;
    }

    /** The time that the item had, or its waiting, or the whole call. */
    public Duration limit() {
        return limit;
    }

    /** Where the item stood when its time was over, innermost frame first; empty if that could not be found out. */
    public List<String> stack() {
        return stack;
    }

    /**
     * The deadlock in its worker, if there was one when the item's own time was over: for each thread that waits for another
     * in the circle a line that names it, its lock and who holds that, then the frames that ask for it, each beginning with
     * {@code at}. Monitors count, and locks that know their owner, such as {@code ReentrantLock}. Empty if there was none; also
     * in a pool of threads or a serial one, where it is not looked for, for a deadlocked item never ends there.
     */
    public List<String> deadlock() {
        return deadlock;
    }

    private static String message(long index, Duration limit, String where, List<String> stack, List<String> deadlock) {
        String frames = stack.isEmpty()
                ? "\n  where it stood is not known: it reached no safepoint"
                : stack.stream().limit(SHOWN_FRAMES).collect(Collectors.joining("\n  at ", "\n  at ", ""));
        String head = "item " + index + ": timed out after " + words(limit) + " in " + where + frames;
        if (deadlock.isEmpty()) {
            return head + "\n  Look at what it waits for or computes there, or give items more time.";
        }
        return head
                + deadlock.stream()
                        .map(line -> line.startsWith("at ") ? "  " + line : line)
                        .collect(Collectors.joining("\n    ", "\n  there is a deadlock in its JVM:\n    ", ""))
                + "\n  Take these locks in the same order everywhere, or with tryLock and a time.";
    }

    private static String words(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }
}
