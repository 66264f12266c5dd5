// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One run of the program in a JVM of its own, for what a JVM can do only once or would not survive.
 *
 * @param said on both streams
 */
record ProgramProcess(int exitCode, String said) {
    private static final long MOST_SECONDS = 50;

    /** @param files where its output goes meanwhile */
    static ProgramProcess run(Path files, List<String> args, List<String> more)
            throws IOException, InterruptedException {
        return run(files, List.of(), args, more);
    }

    /** @param before what the command line begins with: a shell that sets limits and then runs the rest */
    static ProgramProcess run(Path files, List<String> before, List<String> args, List<String> more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                MultijvmMain.class.getName()));
        command.addAll(args);
        command.addAll(more);
        Path output = Files.createTempFile(files, "said", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("did not end: " + Files.readString(output));
            }
        } finally {
            process.destroyForcibly();
        }
        return new ProgramProcess(process.exitValue(), Files.readString(output));
    }
}
