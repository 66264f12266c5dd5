// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.Machine;
import io.multijvm.cli.compare.Comparison;
import io.multijvm.cli.compare.ComparisonPlan;
import io.multijvm.cli.compare.ComparisonReport;
import io.multijvm.cli.compare.DifferentResultsException;
import io.multijvm.cli.compare.FaultAt;
import io.multijvm.cli.compare.HeapShares;
import io.multijvm.cli.compare.Mode;
import io.multijvm.cli.compare.Setup;
import io.multijvm.internal.process.MemorySize;
import io.multijvm.internal.process.PrivateDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code multijvm compare}: its flags, and the checks that need nothing but them and the items. */
@Command(
        name = "compare",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Runs a job serially, in threads and in worker JVMs, and tells what each is worth.",
        footer = {
            "",
            "The report goes to stdout, a line for each trial to stderr. Every trial runs in fresh JVMs with the",
            "same heap in total; results must be equal. Faults: halt, segv, oom, exit, kill, stop, hang.",
            "Exit code: 0 compared, 1 results differ or a run did not reach its end (without --with-fault),",
            "2 the command cannot be right, 74 items or exports could not be read or written.",
            "",
            "Example:",
            "  multijvm compare parsers.jar --call com.acme.Parsers::countPages --lines files.txt \\",
            "      --workers 1,2,4 --with-fault segv@37 --export-md table.md"
        })
final class CompareCommand implements Callable<Integer> {
    private final InputStream in;
    private final OutputStream out;
    private final PrintStream err;

    @Mixin
    private JobOptions job = new JobOptions();

    @Option(
            names = "--modes",
            split = ",",
            paramLabel = "MODE",
            description = "serial, threads, processes; all three by default.")
    private List<String> modes = List.of("serial", "threads", "processes");

    @Option(
            names = {"-j", "--workers"},
            split = ",",
            paramLabel = "N",
            description = "Threads and worker JVMs to try, as 1,2,4; one for each core by default.")
    private List<Integer> workers = List.of();

    @Option(names = "--runs", paramLabel = "N", description = "Trials of each that count; 5 by default.")
    private int runs = 5;

    @Option(names = "--warmup", paramLabel = "N", description = "Trials of each beforehand; 1 by default.")
    private int warmups = 1;

    @Option(
            names = "--heap-total",
            paramLabel = "SIZE",
            description = "Heap of all JVMs of a trial together, as 512m or 2g; a quarter of the memory by default.")
    private @Nullable String heapTotal;

    @Option(names = "--seed", paramLabel = "N", description = "Of the order of the trials; 42 by default.")
    private long seed = 42;

    @Option(
            names = "--with-fault",
            paramLabel = "KIND@ITEM",
            description = "A trial of each mode in which this item, counted from 0, goes wrong; may be given often.")
    private List<String> faults = List.of();

    @Option(names = "--no-sweep", description = "Without the search for the break-even length of items.")
    private boolean noSweep;

    @Option(
            names = "--trial-timeout",
            paramLabel = "TIME",
            description = "A trial that takes longer is ended, as 90s or 10m; 60s by default.")
    private String trialTimeout = "60s";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description =
                    "How long one item may run, as 500ms or 30s; by default 10s in trials with a hang, else without"
                            + " limit.")
    private @Nullable String timeout;

    @Mixin
    private ExportFiles exports = new ExportFiles();

    @Option(
            names = {"-q", "--quiet"},
            description = "No line for each trial on stderr.")
    private boolean quiet;

    CompareCommand(InputStream in, OutputStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        job.check();
        List<Setup> setups = setups();
        HeapShares heap = heap(setups);
        List<FaultAt> strikes = parsed("--with-fault", faults, FaultAt::parse);
        Duration limit = Durations.parse(trialTimeout, "--trial-timeout");
        Duration itemLimit = timeout == null ? null : Durations.parse(timeout, "--timeout");
        Flags.atLeast(1, runs, "--runs");
        Flags.atLeast(0, warmups, "--warmup");
        try (PrivateDirectory directory = PrivateDirectory.create("multijvm-items");
                ExportFiles files = exports) {
            job.makeRepeatable(in, directory.path().resolve("items"));
            long items = countedItems();
            strikes.forEach(each -> refuseBeyond(items, each));
            files.open();
            ComparisonPlan plan =
                    new ComparisonPlan(job.shown(), items, setups, runs, warmups, seed, heap, strikes, limit, !noSweep);
            return compare(plan, new TrialLines(job, heap, itemLimit), files).code();
        }
    }

    private ExitCode compare(ComparisonPlan plan, TrialLines lines, ExportFiles files) throws IOException {
        Comparison comparison = new Comparison(plan, lines, TrialMain.class, line -> {
            if (!quiet) {
                err.println(line);
            }
        });
        ComparisonReport report;
        try {
            report = comparison.run();
        } catch (DifferentResultsException e) {
            err.println("error: " + OneLine.messageOf(e));
            return ExitCode.ITEMS_FAILED;
        }
        files.write(report);
        out.write((String.join("\n", report.text()) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        return report.isComplete() ? ExitCode.OK : ExitCode.ITEMS_FAILED;
    }

    /** How many there are; refuses a call that cannot be on the way, before any JVM is started. */
    private long countedItems() throws IOException {
        try (JobJar jar = job.open();
                Items items = job.items(InputStream.nullInputStream(), jar)) {
            job.target().resolve(jar, items);
            long count = items.total().orElse(-1);
            if (count < 0) {
                count = 0;
                for (Object ignored : items) {
                    count++;
                }
            }
            if (count == 0) {
                throw new UsageException("there are no items to compare with; give at least one");
            }
            return count;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private List<Setup> setups() {
        List<Mode> wanted = parsed("--modes", modes, Mode::parse);
        if (!workers.isEmpty() && wanted.stream().allMatch(each -> each == Mode.SERIAL)) {
            throw new UsageException("--workers means nothing with --modes serial; leave one of the two out");
        }
        List<Integer> counts = workers.isEmpty() ? List.of(Machine.cpuCount()) : workers;
        counts.forEach(each -> Flags.atLeast(1, each, "--workers"));
        Set<Setup> setups = new LinkedHashSet<>();
        for (Mode mode : wanted) {
            if (mode == Mode.SERIAL) {
                setups.add(new Setup(mode, 1));
            } else {
                counts.forEach(each -> setups.add(new Setup(mode, each)));
            }
        }
        return new ArrayList<>(setups);
    }

    private HeapShares heap(List<Setup> setups) {
        long machine = Machine.totalMemory();
        try {
            MemorySize total = heapTotal == null ? new MemorySize((machine >> 22) << 20) : MemorySize.parse(heapTotal);
            if (total.bytes() > machine) {
                throw new IllegalArgumentException(total.asFlag() + " is more than the " + (machine >> 20)
                        + " MiB that this machine or container has; ask for less");
            }
            HeapShares shares = new HeapShares(total);
            setups.forEach(shares::check);
            return shares;
        } catch (IllegalArgumentException e) {
            throw new UsageException("--heap-total: " + OneLine.messageOf(e));
        }
    }

    private static void refuseBeyond(long items, FaultAt fault) {
        if (fault.index() >= items) {
            throw new UsageException("--with-fault " + fault + ": there are " + items
                    + " items, counted from 0; give a place below that");
        }
    }

    private static <T> List<T> parsed(String flag, List<String> texts, Function<String, T> parser) {
        try {
            return texts.stream().map(parser).distinct().toList();
        } catch (IllegalArgumentException e) {
            throw new UsageException(flag + " " + OneLine.messageOf(e));
        }
    }
}
