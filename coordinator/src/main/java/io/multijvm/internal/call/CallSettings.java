// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import io.multijvm.Progress;
import io.multijvm.failure.FailureKind;
import io.multijvm.task.SerializableFunction;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How one call treats its items.
 *
 * @param chunkSize items that cross together; 0 means adaptive
 * @param buffer items that a lazy stream reads ahead; 0 means adaptive
 * @param retries how often an item is begun again after a failure of one of the kinds {@code retryOn}
 * @param retryOn of TASK, CRASH, OUT_OF_MEMORY and TIMEOUT
 * @param crashLimit an item that has killed so many workers is not begun again, whatever {@code retries} says
 * @param backoff how long an item waits before it is begun again
 * @param itemTimeout how long an item may run; null for ever
 * @param deadline how long the whole call may take; null for ever
 * @param queueTimeout how long an item may wait to be begun; null for ever
 * @param ordered whether a lazy stream gives results in input order, else as they come
 * @param finishOthers whether a failed item leaves the others of its list alone
 * @param copy whether pools without processes copy what they could share
 * @param key names an item; null for none. Called with the items of the call, whatever their type
 * @param affinity what items must have in common to be run by the same worker; null for nothing
 * @param progress is told how far the call is; null for nobody
 */
public record CallSettings(
        int chunkSize,
        int buffer,
        int retries,
        Set<FailureKind> retryOn,
        int crashLimit,
        Backoff backoff,
        @Nullable Duration itemTimeout,
        @Nullable Duration deadline,
        @Nullable Duration queueTimeout,
        boolean ordered,
        boolean finishOthers,
        boolean copy,
        @Nullable SerializableFunction<@Nullable Object, String> key,
        @Nullable SerializableFunction<@Nullable Object, ?> affinity,
        @Nullable Progress progress) {
    private static final Set<FailureKind> DEATHS = Set.of(FailureKind.CRASH, FailureKind.OUT_OF_MEMORY);

    /** Two workers: a single death may be chance, and each further one costs all that its worker had kept. */
    private static final int DEFAULT_CRASH_LIMIT = 2;

    public static final CallSettings DEFAULTS = new CallSettings(
            0, 0, 0, DEATHS, DEFAULT_CRASH_LIMIT, Backoff.NONE, null, null, null, true, false, false, null, null, null);

    public CallSettings {
        atLeast(0, chunkSize, "chunkSize");
        atLeast(0, buffer, "buffer");
        atLeast(0, retries, "retries");
        atLeast(1, crashLimit, "crashLimit");
        retryOn = Set.copyOf(retryOn);
        retryOn.stream().sorted().forEach(CallSettings::mayHelp);
        moreThanNothing(itemTimeout, "itemTimeout");
        moreThanNothing(deadline, "deadline");
        moreThanNothing(queueTimeout, "queueTimeout");
    }

    public CallSettings withChunkSize(int items) {
        return with(draft -> draft.chunkSize = atLeast(1, items, "chunkSize"));
    }

    public CallSettings withBuffer(int items) {
        return with(draft -> draft.buffer = atLeast(1, items, "buffer"));
    }

    public CallSettings withRetries(int times) {
        return with(draft -> draft.retries = times);
    }

    public CallSettings withRetryOn(Collection<FailureKind> kinds) {
        return with(draft -> draft.retryOn = Set.copyOf(kinds));
    }

    public CallSettings withCrashLimit(int workers) {
        return with(draft -> draft.crashLimit = workers);
    }

    public CallSettings withBackoff(Duration first, Duration most) {
        return with(draft -> draft.backoff = new Backoff(first, most));
    }

    public CallSettings withItemTimeout(Duration limit) {
        return with(draft -> draft.itemTimeout = limit);
    }

    public CallSettings withDeadline(Duration limit) {
        return with(draft -> draft.deadline = limit);
    }

    public CallSettings withQueueTimeout(Duration limit) {
        return with(draft -> draft.queueTimeout = limit);
    }

    public CallSettings withOrder(boolean kept) {
        return with(draft -> draft.ordered = kept);
    }

    public CallSettings withFinishOthers(boolean finished) {
        return with(draft -> draft.finishOthers = finished);
    }

    public CallSettings withCopy(boolean copied) {
        return with(draft -> draft.copy = copied);
    }

    @SuppressWarnings("unchecked") // an item of another type is told to the caller as a failure of the input
    public CallSettings withKey(SerializableFunction<?, String> names) {
        return with(draft -> draft.key = (SerializableFunction<@Nullable Object, String>) names);
    }

    @SuppressWarnings("unchecked") // as above
    public CallSettings withAffinity(SerializableFunction<?, ?> keys) {
        return with(draft -> draft.affinity = (SerializableFunction<@Nullable Object, ?>) keys);
    }

    public CallSettings withProgress(Progress listener) {
        return with(draft -> draft.progress = listener);
    }

    /**
     * What of this concerns single tasks, which have no item that could be named or sent somewhere, and no others beside
     * them. Equal for all submits of a program that say nothing else, however often it says it.
     */
    public CallSettings forSubmits() {
        if (key == null && affinity == null && !finishOthers) {
            return this;
        }
        return with(draft -> {
            draft.key = null;
            draft.affinity = null;
            draft.finishOthers = false;
        });
    }

    /** Whether a single task needs a call of its own, since its clock or its listener is not shared with others. */
    public boolean ofOneTask() {
        return deadline != null || progress != null;
    }

    /** Whether an item that failed so in this attempt, counted from 1, is begun again. */
    public boolean retries(FailureKind kind, int attempt) {
        return retryOn.contains(kind) && attempt <= retries;
    }

    private CallSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    private static int atLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
        }
        return value;
    }

    /** Refuses what another attempt cannot change. */
    private static void mayHelp(FailureKind kind) {
        String why = switch (kind) {
            case TASK, CRASH, OUT_OF_MEMORY, TIMEOUT -> "";
            case PAYLOAD -> "what cannot cross between JVMs cannot cross a second time either";
            case CANCELLED -> "nobody waits for a cancelled item any more";
            case POOL_BROKEN -> "there is no worker left that could run it";
        };
        if (!why.isEmpty()) {
            throw new IllegalArgumentException("retryOn: " + kind + " is nothing to run an item again for, since " + why
                    + "; give TASK, CRASH, OUT_OF_MEMORY or TIMEOUT");
        }
    }

    private static void moreThanNothing(@Nullable Duration limit, String name) {
        if (limit != null && (limit.isZero() || limit.isNegative())) {
            throw new IllegalArgumentException(name + " must be more than nothing, not " + limit);
        }
    }

    /** The components while one is changed. */
    private static final class Draft {
        private int chunkSize;
        private int buffer;
        private int retries;
        private Set<FailureKind> retryOn;
        private int crashLimit;
        private Backoff backoff;
        private @Nullable Duration itemTimeout;
        private @Nullable Duration deadline;
        private @Nullable Duration queueTimeout;
        private boolean ordered;
        private boolean finishOthers;
        private boolean copy;
        private @Nullable SerializableFunction<@Nullable Object, String> key;
        private @Nullable SerializableFunction<@Nullable Object, ?> affinity;
        private @Nullable Progress progress;

        Draft(CallSettings from) {
            chunkSize = from.chunkSize;
            buffer = from.buffer;
            retries = from.retries;
            retryOn = from.retryOn;
            crashLimit = from.crashLimit;
            backoff = from.backoff;
            itemTimeout = from.itemTimeout;
            deadline = from.deadline;
            queueTimeout = from.queueTimeout;
            ordered = from.ordered;
            finishOthers = from.finishOthers;
            copy = from.copy;
            key = from.key;
            affinity = from.affinity;
            progress = from.progress;
        }

        CallSettings settings() {
            return new CallSettings(
                    chunkSize,
                    buffer,
                    retries,
                    retryOn,
                    crashLimit,
                    backoff,
                    itemTimeout,
                    deadline,
                    queueTimeout,
                    ordered,
                    finishOthers,
                    copy,
                    key,
                    affinity,
                    progress);
        }
    }
}
