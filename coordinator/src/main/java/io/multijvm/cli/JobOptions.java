// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is run on which items: the flags that all commands with a job have in common. */
final class JobOptions {
    /** Those that say what is run on what; they are no matter of configuration. */
    static final Set<String> FLAGS =
            Set.of("--call", "--job", "--main", "--jars", "--lines", "--jsonl", "--glob", "--range");

    @Parameters(
            index = "0",
            paramLabel = "JOB.jar",
            description = "The jar with the method or job; its manifest's Class-Path counts.")
    private @Nullable Path jar;

    @Parameters(index = "1..*", paramLabel = "ARG", description = "Behind --, with --main: what the program is given.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = "--call",
            paramLabel = "PKG.CLASS::METHOD",
            description = "Run this public static method of one parameter: a String, number, boolean, char, Path, enum "
                    + "or byte[], or with --jsonl whatever JSON can be.")
    private @Nullable String call;

    @Option(
            names = "--job",
            paramLabel = "NAME",
            description = "Run this io.multijvm.task.Job, by class name or its own name; not needed where the jar "
                    + "registers only one.")
    private @Nullable String jobName;

    @Option(
            names = "--main",
            paramLabel = "PKG.CLASS",
            description = "Run this main class, which makes its own pools; its exit code is that of the command.")
    private @Nullable String mainClass;

    @Option(
            names = "--jars",
            paramLabel = "P[:P...]",
            description = "Further jars and directories of the job, behind its own. They may hold other versions of "
                    + "Multijvm's libraries.")
    private @Nullable String jars;

    @Mixin
    private ItemOptions items = new ItemOptions();

    /** Refuses what the flags alone show to be wrong. */
    void check() {
        onlyOne("--call", call, "--job", jobName);
        onlyOne("--call", call, "--main", mainClass);
        onlyOne("--job", jobName, "--main", mainClass);
        if (mainClass == null && !arguments.isEmpty()) {
            throw new UsageException(OneLine.quote(arguments.get(0))
                    + " is one argument too many; only a program that is run with --main takes its own, behind --");
        }
        items.check();
        if (mainClass != null && items.given()) {
            throw new UsageException(
                    items.names().get(0) + " means nothing with --main; the program has its own items");
        }
        if (call != null && !items.given()) {
            throw new UsageException("nothing says what the items are; give " + ItemOptions.CHOICES);
        }
    }

    private static void onlyOne(String name, @Nullable String value, String otherName, @Nullable String other) {
        if (value != null && other != null) {
            throw new UsageException(name + " and " + otherName + " both say what is run; give one of them");
        }
    }

    Path jar() {
        return Objects.requireNonNull(jar);
    }

    /** What else the job is loaded from. */
    List<Path> furtherJars() {
        if (jars == null) {
            return List.of();
        }
        try {
            return Arrays.stream(jars.split(File.pathSeparator))
                    .filter(each -> !each.isBlank())
                    .map(Path::of)
                    .toList();
        } catch (InvalidPathException e) {
            throw new UsageException("--jars: " + OneLine.messageOf(e));
        }
    }

    /** Opens everything that the job is loaded from. */
    JobJar open() {
        return JobJar.open(jar(), furtherJars());
    }

    Target target() {
        if (mainClass != null) {
            throw new UsageException("--main runs a program with pools of its own; give --call or --job here");
        }
        return call == null ? new JobTarget(jobName) : CallTarget.parse(call);
    }

    /** The program that is run instead of a job, if that was asked for. */
    Optional<MainProgram> program() {
        return mainClass == null ? Optional.empty() : Optional.of(new MainProgram(mainClass, arguments));
    }

    /**
     * The items that the flags name.
     *
     * @param in what {@code -} stands for
     */
    Items items(InputStream in) {
        if (!items.given()) {
            throw new UsageException("nothing says what the items are; give " + ItemOptions.CHOICES);
        }
        return items.open(in);
    }

    /** As {@link #items(InputStream)}, or the job's own where no flag names any. */
    Items items(InputStream in, JobJar from) {
        return items.given() ? items.open(in) : target().ownItems(from);
    }

    /** What is run, in words. */
    String shown() {
        if (call != null) {
            return call;
        }
        return "job " + (jobName == null ? "of " + jar().getFileName() : jobName);
    }

    /**
     * Sees to it that the items can be read again and again: where they come from a stream, it is copied into this new
     * file, which takes its place.
     *
     * @param in what {@code -} stands for
     */
    void makeRepeatable(InputStream in, Path copy) throws IOException {
        items.makeRepeatable(in, copy);
    }

    /** What is run on which items, as it would stand on a command line. */
    List<String> asArguments() {
        List<String> all = new ArrayList<>(whatIsRun());
        all.addAll(items.asArguments());
        return all;
    }

    /** What is run, as it would stand on a command line. */
    List<String> whatIsRun() {
        List<String> all = new ArrayList<>(List.of(jar().toString()));
        add(all, "--call", call);
        add(all, "--job", jobName);
        add(all, "--jars", jars);
        return all;
    }

    private static void add(List<String> all, String name, @Nullable String value) {
        if (value != null) {
            all.addAll(List.of(name, value));
        }
    }
}
