// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.Machine;
import io.multijvm.cli.RunPlan.Mode;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What a run would be, on stdout, one thing a line; nothing is started. */
record DryRun(RunPlan plan, JobJar jar, String task, Items items, String results) {
    private static final int SHOWN_ITEMS = 3;

    /**
     * Writes it all.
     *
     * @throws UsageException if the pool would refuse its options
     * @throws IOException if the first items cannot be read; the message says why
     */
    void show(OutputStream to) throws IOException {
        PrintStream out = new PrintStream(to, false, StandardCharsets.UTF_8);
        line(out, "would run", task + " of " + jar.path());
        line(out, "items", firstItems());
        line(out, "mode", plan.mode().toString());
        line(out, "workers", plan.mode() == Mode.SERIAL ? "1, this JVM" : String.valueOf(plan.workers()));
        if (plan.mode() == Mode.PROCESSES) {
            line(out, "heap", heap() + retryHeap());
            String watched = plan.memory().watched();
            if (watched != null) {
                line(out, "memory", watched);
            }
            line(
                    out,
                    "chunk",
                    plan.chunkSize().isPresent() ? plan.chunkSize().getAsInt() + " items" : "measured while it runs");
            line(out, "retries", String.valueOf(plan.calls().retries()));
        }
        line(out, "results", results);
        if (plan.mode() == Mode.PROCESSES) {
            line(
                    out,
                    "job path",
                    jar.paths().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
            line(out, "worker", worker());
        }
        out.flush();
    }

    private static void line(PrintStream out, String name, String value) {
        out.print(String.format("%-10s %s%n", name, value));
    }

    private String firstItems() throws IOException {
        if (!items.canBeLookedAt()) {
            return "each " + items.noun() + " of stdin, which is not read now";
        }
        List<String> shown = new ArrayList<>();
        boolean more;
        try {
            Iterator<Object> each = items.iterator();
            while (shown.size() < SHOWN_ITEMS && each.hasNext()) {
                shown.add(items.describe(shown.size(), each.next()));
            }
            more = each.hasNext();
        } catch (RuntimeException e) {
            throw new IOException(items.failure().orElseThrow(() -> e));
        }
        OptionalLong total = items.total();
        String known = String.valueOf(total.orElse(shown.size()));
        String count = total.isEmpty() && more ? "more than " + known + ", counted while they are read" : known;
        return count + (shown.isEmpty() ? "" : ": " + String.join(", ", shown)) + (more ? ", ..." : "");
    }

    private String heap() {
        String heap = plan.memory().heap();
        if (heap == null && plan.memory().limit() != null) {
            return "what fits below the memory limit; see -Xmx";
        }
        return heap != null
                ? heap + " each"
                : (Machine.defaultWorkerHeapBytes(plan.workers()) >> 20) + "m each, a share of this machine's memory";
    }

    private String retryHeap() {
        String more = plan.memory().retryHeap();
        return more == null ? "" : "; " + more + " for an item that ran out of heap, begun again alone";
    }

    private String worker() throws IOException {
        try {
            return plan.workerCommand(jar);
        } catch (IllegalArgumentException e) {
            throw new UsageException(OneLine.messageOf(e));
        }
    }
}
