// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.Machine;
import io.multijvm.internal.process.ShellWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command that runs one item of a run alone, in a worker like those of the run.
 *
 * @param command without what says which item
 */
record Repeat(List<String> command) {
    Repeat {
        command = List.copyOf(command);
    }

    /** Of a run in worker JVMs. */
    static Repeat of(JobOptions job, RunPlan plan) {
        List<String> command = new ArrayList<>(List.of("multijvm", "run"));
        command.addAll(job.whatIsRun());
        command.addAll(List.of("-j", "1"));
        // by default one worker alone would be given the share of all
        String share = (Machine.defaultWorkerHeapBytes(plan.workers()) >> 20) + "m";
        String heap = plan.memory().heap();
        command.addAll(List.of("--heap", heap == null ? share : heap));
        command.addAll(plan.memory().besidesHeap());
        plan.jvmArgs().forEach(flag -> command.add("--jvm-arg=" + flag));
        if (plan.javaHome() != null) {
            command.addAll(List.of("--java", plan.javaHome().toString()));
        }
        command.addAll(List.of("--retries", "0"));
        return new Repeat(command);
    }

    /** Quoted for a shell, word by word; empty where the item cannot be named on a command line. */
    List<String> ofItem(Items items, long index, Object item) {
        Optional<Items.Alone> alone = items.alone(index, item);
        if (alone.isEmpty()) {
            return List.of();
        }
        List<String> words = new ArrayList<>();
        if (!alone.get().feed().isEmpty()) {
            alone.get().feed().forEach(word -> words.add(ShellWords.quoted(word)));
            words.add("|");
        }
        command.forEach(word -> words.add(ShellWords.quoted(word)));
        alone.get().arguments().forEach(word -> words.add(ShellWords.quoted(word)));
        return List.copyOf(words);
    }
}
