// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import io.multijvm.task.SerializableFunction;
import io.multijvm.task.TaskContext;
import io.multijvm.worker.context.Seeds;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Faults that the pool's user ordered for its items. They strike in the task thread as an item's task is about to be called:
 * from there on all is as if the task had done it.
 */
public final class OrderedFaults implements UnaryOperator<SerializableFunction<@Nullable Object, @Nullable Object>> {
    private final List<Rule> rules;

    /**
     * Which items.
     *
     * @param strike what happens to them
     * @param items their places in their calls
     * @param rate this share of all others
     * @param seed chooses them, with nothing but an item's place and attempt besides
     * @param everyAttempt whether an item that is begun again is struck again
     */
    public record Rule(Strike strike, Set<Long> items, double rate, long seed, boolean everyAttempt) {
        public Rule {
            items = Set.copyOf(items);
        }

        boolean hits(long index, int attempt) {
            if (attempt > 1 && !everyAttempt) {
                return false;
            }
            return items.contains(index) || (rate > 0 && drawn(index, attempt) < rate);
        }

        /** From 0 up to, and without, 1. */
        private double drawn(long index, int attempt) {
            return (Seeds.ofItem(seed + attempt, index) >>> 11) * 0x1p-53;
        }
    }

    /** What happens. */
    @FunctionalInterface
    public interface Strike {
        void strike() throws ReflectiveOperationException, InterruptedException;
    }

    public OrderedFaults(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    @Override
    public SerializableFunction<@Nullable Object, @Nullable Object> apply(
            SerializableFunction<@Nullable Object, @Nullable Object> task) {
        return item -> {
            TaskContext context = TaskContext.current();
            for (Rule rule : rules) {
                if (rule.hits(context.itemIndex(), context.attempt())) {
                    rule.strike().strike();
                }
            }
            return task.applyOrThrow(item);
        };
    }
}
