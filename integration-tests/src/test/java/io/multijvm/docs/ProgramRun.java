// SPDX-License-Identifier: Apache-2.0
package io.multijvm.docs;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a program in a JVM of its own wrote, and how it ended. */
record ProgramRun(int exitCode, List<String> out, List<String> err) {
    private static final long MOST_SECONDS = 120;

    /** As bin/multijvm does it: newer JVMs warn on stderr of what our libraries do on purpose. */
    private static final int UNSAFE_WARNS_SINCE = 24;

    /** Runs a main class with {@code classes} in front of the class path of the tests; its files go into {@code files}. */
    static ProgramRun run(Path files, Path classes, String mainClass, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classes + File.pathSeparator + Sources.classPath(),
                mainClass));
        if (Runtime.version().feature() >= UNSAFE_WARNS_SINCE) {
            command.add(1, "--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(arguments);
        Path out = files.resolve("out");
        Path err = files.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectInput(new File(File.separatorChar == '/' ? "/dev/null" : "NUL"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(
                        mainClass + " did not end within " + MOST_SECONDS + " s; it wrote " + Files.readString(err));
            }
        } finally {
            process.destroyForcibly();
        }
        return new ProgramRun(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
    }
}
