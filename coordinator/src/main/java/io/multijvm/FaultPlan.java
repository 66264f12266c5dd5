// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.internal.dispatch.FaultRule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Faults to order, for tests: what does a program do when a worker dies at item 37? Given to a pool of processes by {@link
 * ProcessOptions#faults}. The fault strikes in the worker, in the thread of the task, as the item's task is about to be called,
 * so the item is the one that is blamed; and it is a real one: the process really is killed.
 *
 * <pre>{@code
 * Pool pool = Pool.processes(o -> o.faults(new FaultPlan().at(Fault.KILL, 37).atRandom(Fault.KILL, 0.001, 42)));
 * }</pre>
 *
 * <p>Items are counted in their call, from 0, as {@link io.multijvm.task.TaskContext#itemIndex} does; of a submitted task it is
 * its number among those with the same options. Each call of the pool is struck at the same places. An item that is begun
 * again, because {@code retries} says so, is spared unless the plan says {@link #everyAttempt}. What a task gives to its own
 * pool, and the pool's init and exit functions, are spared. Not thread-safe while it is made.
 */
public final class FaultPlan {
    /** What happens to a worker. */
    public enum Fault {
        /** Killed by SIGKILL, as by the kernel or an administrator; where there are no signals, as {@link #HALT}. */
        KILL("kill"),
        /** Ended at once, as by {@code Runtime.halt} in a library. */
        HALT("halt"),
        /** Ended by {@code System.exit(7)}: its shutdown hooks run. */
        EXIT("exit"),
        /** Crashed by a native write to address 0: a segmentation fault. */
        CRASH("segv"),
        /** Stopped by SIGSTOP; it lives, and does nothing. */
        STOP("stop"),
        /**
         * Loses its stream to the coordinator, and lives and works. It is ended and replaced within seconds; what it has finished
         * until then counts, so a quick item is not lost by it.
         */
        DROP_STREAM("drop_stream"),
        /** Fills its heap to the end. */
        FILL_HEAP("oom"),
        /** Never ends the item, and takes no notice of an interrupt. */
        HANG("hang");

        private final String word;

        Fault(String word) {
            this.word = word;
        }
    }

    private final List<FaultRule> rules = new ArrayList<>();
    private boolean everyAttempt;

    /** Strikes these items. */
    public FaultPlan at(Fault fault, long... items) {
        rules.add(new FaultRule(
                Objects.requireNonNull(fault, "fault").word,
                Arrays.stream(items).boxed().toList(),
                0,
                0,
                false));
        return this;
    }

    /**
     * Strikes this share of all items. Which ones depends on the seed and their places alone, not on workers, chunks or time.
     *
     * @param rate from 0 to 1
     */
    public FaultPlan atRandom(Fault fault, double rate, long seed) {
        rules.add(new FaultRule(Objects.requireNonNull(fault, "fault").word, List.of(), rate, seed, false));
        return this;
    }

    /** An item that is begun again is struck again; at random, with its own chance each time. */
    public FaultPlan everyAttempt() {
        everyAttempt = true;
        return this;
    }

    List<FaultRule> rules() {
        return rules.stream()
                .map(rule -> new FaultRule(rule.fault(), rule.items(), rule.rate(), rule.seed(), everyAttempt))
                .toList();
    }

    /** As one can read it: {@code kill at 37; kill at random, 0.001 of all}. */
    @Override
    public String toString() {
        List<String> texts = new ArrayList<>();
        for (FaultRule rule : rules) {
            String items = rule.items().toString();
            texts.add(rule.fault()
                    + (rule.items().isEmpty() ? "" : " at " + items.substring(1, items.length() - 1))
                    + (rule.rate() == 0
                            ? ""
                            : " at random, " + BigDecimal.valueOf(rule.rate()).toPlainString() + " of all"));
        }
        return (texts.isEmpty() ? "nothing" : String.join("; ", texts)) + (everyAttempt ? ", at every attempt" : "");
    }
}
