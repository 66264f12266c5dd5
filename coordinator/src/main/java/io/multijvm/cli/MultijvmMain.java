// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The program {@code multijvm}. Results and help go to stdout, everything else to stderr. Bad input is one line on
 * stderr and {@link ExitCode#USAGE}, before any worker is started.
 */
@Command(
        name = "multijvm",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Runs Java code over many items in separate JVMs, so that a crash costs one item.")
public final class MultijvmMain {
    private static final int HELP_WIDTH = 100;

    private final PrintStream err;
    private final Wording wording;

    private MultijvmMain(PrintStream err, Wording wording) {
        this.err = err;
        this.wording = wording;
    }

    /** Runs the program and exits with its code. */
    public static void main(String[] args) {
        // Past System.out, which would swallow the news that nobody reads the results any more.
        exit(run(
                args,
                System.in,
                new FileOutputStream(FileDescriptor.out),
                Stderr.ofProcess(),
                Configuration.Places.ofThisProcess()));
    }

    /** Ends this JVM. Never returns; who calls it in the middle of a run leaves the rest to {@link StopHook}. */
    static void exit(int code) {
        System.exit(code);
    }

    /** Runs the program in this JVM and returns its exit code. Nothing is configured. */
    static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
        return run(args, in, new CheckedStream(out), Stderr.plain(err), Configuration.Places.NONE);
    }

    /** Runs the program in this JVM and returns its exit code. */
    static int run(String[] args, InputStream in, OutputStream out, Stderr err, Configuration.Places places) {
        MultijvmMain main = new MultijvmMain(err.stream(), wording(args));
        CommandLine program = new CommandLine(main)
                .addSubcommand(new RunCommand(in, out, err))
                .addSubcommand(new CompareCommand(in, out, err.stream()))
                .addSubcommand(new ReplayCommand(err.stream()))
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setUsageHelpWidth(HELP_WIDTH);
        Configuration configuration;
        try {
            configuration = Configuration.load(places, program, args);
        } catch (UsageException e) {
            return main.error(OneLine.messageOf(e), ExitCode.USAGE);
        }
        return program.setDefaultValueProvider(configuration)
                .setParameterExceptionHandler((e, given) -> main.refused(e, configuration))
                .setExecutionExceptionHandler((e, command, parsed) -> main.failed(e, command, configuration))
                .execute(args);
    }

    /** An error in the flags themselves is also said as they ask for. */
    private static Wording wording(String[] args) {
        return List.of(args).contains(OutputOptions.JSON) ? new JsonWording() : new TextWording(Look.PLAIN);
    }

    private int refused(ParameterException e, Configuration configuration) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        String help = "; see " + command.qualifiedName() + " --help";
        if (e instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            String meant = Suggestions.nearest(word, known(command))
                    .map(each -> "; did you mean " + each + "?")
                    .orElse(help);
            return error(OneLine.quote(word) + " is not known to " + command.qualifiedName() + meant, ExitCode.USAGE);
        }
        String told = configuration.toldOfType(e.getCommandLine(), e.getArgSpec(), OneLine.messageOf(e));
        return error(told + help, ExitCode.USAGE);
    }

    private static Set<String> known(CommandSpec command) {
        Set<String> words = new TreeSet<>(command.optionsMap().keySet());
        words.addAll(command.subcommands().keySet());
        return words;
    }

    private int failed(Exception e, CommandLine command, Configuration configuration) {
        if (e instanceof UsageException) {
            return error(configuration.told(command, OneLine.messageOf(e)), ExitCode.USAGE);
        }
        if (e instanceof IOException) {
            return error("items or results: " + OneLine.messageOf(e), ExitCode.INPUT_OUTPUT);
        }
        err.println(wording.bug("this is a bug in Multijvm, please report it with what follows", e));
        return ExitCode.BUG.code();
    }

    private int error(String line, ExitCode code) {
        err.println(wording.error(line));
        return code.code();
    }
}
