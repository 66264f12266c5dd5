// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The JVM of one trial of {@code compare}. Nobody starts it by hand. Its stdin is its life-line: when whoever compares is
 * gone or wants it gone, it closes its pool's files and ends.
 */
@Command(name = "multijvm-trial", description = "What 'multijvm compare' starts.")
public final class TrialMain {
    private static final Duration TO_CLEAN_UP = Duration.ofSeconds(2);
    private static final int ENDED_FROM_OUTSIDE = 130;

    private TrialMain() {}

    /** Runs the trial and exits: threads that the job left behind do not keep it. */
    public static void main(String[] args) {
        // before any class of the user's can read it
        InputStream lifeLine = new FileInputStream(FileDescriptor.in);
        System.setIn(InputStream.nullInputStream());
        hold(lifeLine);
        System.exit(new CommandLine(new TrialMain())
                .addSubcommand(new TrialCommand())
                .addSubcommand(new SweepCommand())
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    System.err.println(OneLine.messageOf(e));
                    return ExitCode.BUG.code();
                })
                .execute(args));
    }

    private static void hold(InputStream lifeLine) {
        Thread reader = new Thread(
                () -> {
                    try {
                        while (lifeLine.read() >= 0) {
                            // nothing is ever said
                        }
                    } catch (IOException e) {
                        // as good as its end
                    }
                    end();
                },
                "multijvm-life-line");
        reader.setDaemon(true);
        reader.start();
    }

    /** In an orderly way, so that files are put away; but a job's shutdown hook may hang. */
    private static void end() {
        Thread orderly = new Thread(() -> System.exit(ENDED_FROM_OUTSIDE), "multijvm-end");
        orderly.start();
        try {
            orderly.join(TO_CLEAN_UP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ENDED_FROM_OUTSIDE);
    }
}
