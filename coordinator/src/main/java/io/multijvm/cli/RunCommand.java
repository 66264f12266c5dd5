// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.Machine;
import io.multijvm.cli.RunPlan.Mode;
import io.multijvm.internal.quarantine.LetterFiles;
import io.multijvm.task.SerializableFunction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code multijvm run}: its flags, and the checks that need nothing but them. */
@Command(
        name = "run",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Runs a method or a job of a jar on every item, in worker JVMs.",
        footer = {
            "",
            "Results are JSON lines on stdout, in input order:",
            "  {\"index\":0,\"value\":3}",
            "  {\"index\":37,\"error\":{\"kind\":\"CRASH\",\"message\":\"...\",\"attempts\":2}}",
            "Exit code: 0 all items succeeded, 1 some failed, 2 the command cannot be right, 3 the workers",
            "died again and again, 5 no worker became ready, 70 a bug in Multijvm, 74 items, results or",
            "deaths could not be read or written, 130 and 143 stopped by SIGINT (Ctrl-C) and SIGTERM: the first lets",
            "the items that were given out finish, a second one stops at once.",
            "",
            "A file of items is read as long as it was when it was opened; what is appended later is left",
            "out. A file that became shorter ends the run (74), as does a line of --jsonl that is no JSON; the",
            "results before it stay. In a glob ** stands for any number of directories; names that begin with",
            "a dot match only where the pattern's do. A job jar that is built anew meanwhile starts no further",
            "worker, and is told at the end.",
            "",
            "What a command does not give comes from variables, MULTIJVM_WORKERS for --workers and so on;",
            "else from ./multijvm.properties (workers=4); else from multijvm/config.properties in",
            "$XDG_CONFIG_HOME, by default ~/.config. What is run on what always stands in the command.",
            "",
            "Example:",
            "  multijvm run parsers.jar --call com.acme.Parsers::countPages --lines files.txt -j 4"
        })
final class RunCommand implements Callable<Integer> {
    /** Several flags in one variable are told apart by blanks; on the command line nothing is split. */
    private static final String NEVER_TYPED = "\u001f";

    /** What an idle worker occupies, about, before its job does anything. */
    private static final long LEAST_WORKER_BYTES = 64L << 20;

    /** What {@code --main} can be given with. */
    private static final Set<String> JOB_FLAGS = Set.of("--main", "--jars");

    private final InputStream in;
    private final OutputStream out;
    private final Stderr err;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Mixin
    private JobOptions job = new JobOptions();

    @Option(names = "--mode", paramLabel = "MODE", description = "processes (default), or to compare: threads, serial.")
    private String modeName = Mode.PROCESSES.toString();

    @Option(
            names = {"-j", "--workers"},
            paramLabel = "N",
            description = "Workers; one for each core by default.")
    private @Nullable Integer workers;

    @Mixin
    private MemoryFlags memory = new MemoryFlags();

    @Option(
            names = "--jvm-arg",
            split = NEVER_TYPED,
            hideParamSyntax = true,
            paramLabel = "ARG",
            description = "A flag for the workers' JVMs; may be given many times.")
    private List<String> jvmArgs = new ArrayList<>();

    @Option(names = "--java", paramLabel = "HOME", description = "The JDK or JRE, 17 or later, that runs the workers.")
    private @Nullable Path javaHome;

    @Option(
            names = "--dead-letters",
            paramLabel = "DIR",
            description = "Keep each item that failed for good by a death there, to be run again by multijvm replay.")
    private @Nullable Path deadLetters;

    @Mixin
    private CallFlags calls = new CallFlags();

    @Option(names = "--chunk", paramLabel = "N", description = "Items that cross together; measured by default.")
    private @Nullable Integer chunk;

    @Option(names = "--results", paramLabel = "FILE", description = "A new file for the results, instead of stdout.")
    private @Nullable Path resultsFile;

    @Option(
            names = DeathWatch.FLAG,
            paramLabel = "FILE",
            description =
                    "A new file with a JSON line for each death of a worker, also where its item was begun again; "
                            + "fatal-error logs are kept beside it.")
    private @Nullable Path deathsFile;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(
            names = "--dry-run",
            description = "Start nothing; print items, workers, heap, chunk and the worker's command line.")
    private boolean dryRun;

    RunCommand(InputStream in, OutputStream out, Stderr err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<MainProgram> program = job.program();
        if (program.isPresent()) {
            return run(program.get());
        }
        RunPlan plan = plan();
        OutputPlan talk = output.plan(err);
        Console console = new Console(err.stream());
        Target target = job.target();
        try (JobJar jar = job.open();
                Items items = job.items(in, jar)) {
            SerializableFunction<Object, String> task = target.resolve(jar, items);
            if (dryRun) {
                DeathWatch.check(deathsFile);
                new DryRun(plan, jar, task.toString(), items, ResultsTarget.describe(resultsFile)).show(out);
                return ExitCode.OK.code();
            }
            try (DeathWatch deaths = DeathWatch.open(deathsFile)) {
                RunReport report = new RunReport(
                        console,
                        talk.wording(),
                        items,
                        plan.mode() == Mode.SERIAL ? 1 : plan.workers(),
                        talk.quiet(),
                        System::nanoTime,
                        new Aftermath(Repeat.of(job, plan), deaths, items));
                ProgressView view = new ProgressView(talk, console, err.terminal());
                ExitCode code;
                ConsoleLog log = ConsoleLog.begin(report::logged);
                try {
                    code = run(plan, jar, task, items, report, view, deaths, console.besides(out));
                } finally {
                    log.close();
                }
                jar.changed()
                        .ifPresent(file -> report.notice("warning: " + file + " changed while its job ran;"
                                + " classes that were loaded after that may be of either version"));
                return withDeaths(code, deaths, report).code();
            }
        }
    }

    /** A file that lacks deaths must not look as if it had them all. */
    private static ExitCode withDeaths(ExitCode code, DeathWatch deaths, RunReport report) {
        boolean ended = code == ExitCode.OK || code == ExitCode.ITEMS_FAILED;
        if (ended) {
            deaths.keep();
        }
        if (deaths.failure().isEmpty()) {
            return code;
        }
        report.error("the deaths cannot be written to " + DeathWatch.FLAG + ": "
                + OneLine.messageOf(deaths.failure().get()) + "; the results do not suffer");
        return ended ? ExitCode.INPUT_OUTPUT : code;
    }

    private int run(MainProgram program) throws IOException, InterruptedException {
        job.check();
        refuseAllBut(JOB_FLAGS);
        try (JobJar jar = job.open()) {
            return program.run(jar);
        }
    }

    private ExitCode run(
            RunPlan plan,
            JobJar jar,
            SerializableFunction<Object, String> task,
            Items items,
            RunReport report,
            ProgressView view,
            DeathWatch deaths,
            OutputStream stdout)
            throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Threads of the pool inherit it, and find the job's classes by it as a worker's task thread does.
        thread.setContextClassLoader(jar.loader());
        try (ResultsTarget target = ResultsTarget.open(resultsFile, stdout)) {
            ExitCode code = new Run(plan, task, items, target.writer(), report, view)
                    .execute(deaths.listeningTo(plan.pool(jar)));
            if (code == ExitCode.OK || code == ExitCode.ITEMS_FAILED) {
                target.keep();
            }
            return code;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private RunPlan plan() {
        Mode mode = Mode.parse(modeName);
        Flags.atLeast(1, workers, "--workers");
        Flags.atLeast(1, chunk, "--chunk");
        calls.check();
        memory.check();
        Flags.jdk(javaHome, "--java");
        job.check();
        refuseMeaningless(mode);
        fitsTheMachine(mode);
        if (deadLetters != null && !dryRun) {
            makeOffice(deadLetters);
        }
        return new RunPlan(
                mode,
                workers == null ? Machine.cpuCount() : workers,
                memory,
                jvmArgs,
                javaHome,
                deadLetters,
                chunk == null ? OptionalInt.empty() : OptionalInt.of(chunk),
                calls);
    }

    /** Before anything is run: whoever wants to keep what dies is not to hear at the first death that it cannot be. */
    private static void makeOffice(Path directory) {
        try {
            var unused = LetterFiles.office(directory);
        } catch (IllegalArgumentException e) {
            throw new UsageException(OneLine.messageOf(e).replaceFirst("^deadLetters", "--dead-letters"));
        }
    }

    /** So many JVMs that they could only swap, or be killed, would take the whole machine with them. */
    private void fitsTheMachine(Mode mode) {
        if (mode != Mode.PROCESSES || workers == null) {
            return;
        }
        long most = Machine.totalMemory() / LEAST_WORKER_BYTES;
        if (workers > most) {
            throw new UsageException("--workers " + workers + " is more than the " + most
                    + " that the memory of this machine or container has room for; one for each core is a good start");
        }
    }

    /** The program that {@code --main} runs has its own pools, to which our flags say nothing. */
    private void refuseAllBut(Set<String> flags) {
        command.commandLine().getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName)
                .filter(name -> !flags.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new UsageException(
                            name + " means nothing with --main; give the program its own arguments, behind --");
                });
    }

    /** A flag that would do nothing is refused: whoever gave it believes that it does something. */
    private void refuseMeaningless(Mode mode) {
        if (mode == Mode.PROCESSES) {
            return;
        }
        MemoryFlags.NAMES.forEach(flag -> onlyForProcesses(mode, flag));
        onlyForProcesses(mode, "--jvm-arg");
        onlyForProcesses(mode, "--java");
        onlyForProcesses(mode, DeathWatch.FLAG);
        onlyForProcesses(mode, "--dead-letters");
        onlyForProcesses(mode, "--crash-limit");
        if (!calls.retriesWithoutProcesses()) {
            onlyForProcesses(mode, "--retries");
        }
        if (mode == Mode.SERIAL) {
            onlyForProcesses(mode, "--workers");
        }
    }

    /** What is only configured is for the runs that can use it. */
    private void onlyForProcesses(Mode mode, String flag) {
        if (command.commandLine().getParseResult().hasMatchedOption(flag)) {
            throw new UsageException(flag + " means nothing with --mode " + mode + "; leave one of the two out");
        }
    }
}
