// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Python library's way of doing it, in a process of its own that is ended with all that it started.
 *
 * @param who for the table
 * @param way as the Python program calls it
 */
record BlastPeer(String who, String way) {
    /** More than the program's own limits together, for the way that has none. */
    private static final int PATIENCE = 4;

    /** The Python program. */
    record Program(String python, Path file) {
        /** Of the interpreter; "none" if there is none. */
        String version() {
            try {
                Process process = new ProcessBuilder(python, "-c", "import platform; print(platform.python_version())")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            } catch (IOException e) {
                return "none";
            }
        }
    }

    BlastRadius.Row run(Program program, Duration limit) throws BenchmarkException {
        Process process;
        try {
            process = new ProcessBuilder(
                            program.python(), program.file().toString(), way, Long.toString(limit.toSeconds()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return new BlastRadius.Row(who, "-", "skipped: " + program.python() + " could not be started", "-");
        }
        try {
            boolean ended = process.waitFor(limit.toSeconds() * PATIENCE, TimeUnit.SECONDS);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            // by its handle: ending the Process would close what it said as well
            process.toHandle().destroyForcibly();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return row(said, ended);
        } catch (IOException e) {
            throw new BenchmarkException("what " + who + " said could not be read", e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted", e);
        }
    }

    private BlastRadius.Row row(String said, boolean ended) {
        Map<String, String> words = new HashMap<>();
        said.lines()
                .filter(line -> line.indexOf(' ') > 0)
                .forEach(
                        line -> words.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)));
        if (words.containsKey("missing")) {
            return new BlastRadius.Row(who, "-", "skipped: this Python has no " + words.get("missing"), "-");
        }
        String silence = ended ? "nothing" : "it hangs";
        return new BlastRadius.Row(
                who,
                words.getOrDefault("got", "0"),
                words.getOrDefault("sees", silence),
                words.getOrDefault("then", ended ? "ended with its program" : "unusable"));
    }
}
