// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.ProcessOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much memory workers may take: the flags for that. */
final class MemoryFlags {
    /** All of them; they mean nothing where there are no worker JVMs. */
    static final List<String> NAMES = List.of(
            "--heap", "--retry-heap", "--memory-limit", "--direct-memory", "--metaspace", "--memfree", "--heap-dump");

    private static final Pattern SIZE = Pattern.compile("[1-9][0-9]*[kKmMgG]");

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            description = "Heap of each worker, as 512m or 2g; a share of the machine's memory by default.")
    private @Nullable String heap;

    @Option(
            names = "--retry-heap",
            paramLabel = "SIZE",
            description = "Begin an item that ran out of heap once more, alone, in a worker that has so much.")
    private @Nullable String retryHeap;

    @Option(
            names = "--memory-limit",
            paramLabel = "SIZE",
            description =
                    "End a worker that takes more in all, heap and native memory; only the item that it runs fails.")
    private @Nullable String limit;

    @Option(
            names = "--direct-memory",
            paramLabel = "SIZE",
            description = "What each worker may take for direct buffers; as much as the heap by default.")
    private @Nullable String direct;

    @Option(
            names = "--metaspace",
            paramLabel = "SIZE",
            description = "What each worker may take for classes; without limit by default.")
    private @Nullable String metaspace;

    @Option(
            names = "--memfree",
            paramLabel = "SIZE",
            description = "While the machine has less memory available, run no items beside each other.")
    private @Nullable String free;

    @Option(
            names = "--heap-dump",
            paramLabel = "DIR",
            description = "Have the first worker that runs out of heap leave a dump there; one a run.")
    private @Nullable Path dumps;

    /** Nothing but a heap. */
    static MemoryFlags ofHeap(String size) {
        MemoryFlags flags = new MemoryFlags();
        flags.heap = size;
        return flags;
    }

    /** Refuses what is no size. */
    void check() {
        check("--heap", heap);
        check("--retry-heap", retryHeap);
        check("--memory-limit", limit);
        check("--direct-memory", direct);
        check("--metaspace", metaspace);
        check("--memfree", free);
    }

    private static void check(String flag, @Nullable String size) {
        if (size != null && !SIZE.matcher(size).matches()) {
            throw new UsageException(flag + " " + OneLine.quote(size) + " is not a size; write it as 512m or 2g");
        }
    }

    void configure(ProcessOptions options) {
        if (heap != null) {
            options.heap(heap);
        }
        if (retryHeap != null) {
            options.retryHeap(retryHeap);
        }
        if (limit != null) {
            options.memoryLimit(limit);
        }
        if (direct != null) {
            options.directMemory(direct);
        }
        if (metaspace != null) {
            options.metaspace(metaspace);
        }
        if (free != null) {
            options.memoryFloor(free);
        }
        if (dumps != null) {
            options.heapDump(dumps);
        }
    }

    /** Of each worker; null for a share of the machine. */
    @Nullable
    String heap() {
        return heap;
    }

    /** Of the worker in which an item is begun again that ran out of heap; null for none. */
    @Nullable
    String retryHeap() {
        return retryHeap;
    }

    /** The flags for what else a worker may take, as words. */
    List<String> besidesHeap() {
        List<String> words = new ArrayList<>();
        addIfSet(words, "--retry-heap", retryHeap);
        addIfSet(words, "--memory-limit", limit);
        addIfSet(words, "--direct-memory", direct);
        addIfSet(words, "--metaspace", metaspace);
        return words;
    }

    private static void addIfSet(List<String> words, String flag, @Nullable String size) {
        if (size != null) {
            words.addAll(List.of(flag, size));
        }
    }

    /** Of all that a worker takes; null for none. */
    @Nullable
    String limit() {
        return limit;
    }

    /** What is watched while a run goes on, and so is in no worker's command line; null for nothing. */
    @Nullable
    String watched() {
        if (limit == null && free == null) {
            return null;
        }
        String most = limit == null ? "" : limit + " each at most, read every 50 ms";
        String least = free == null ? "" : "items one by one while less than " + free + " are available";
        return most + (limit != null && free != null ? "; " : "") + least;
    }
}
