// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** CPython in a process of its own, which measures itself when it is told to. One thread uses it. */
final class PythonPeer implements AutoCloseable {
    private static final long ANSWER_SECONDS = 120;
    private static final long EXIT_SECONDS = 5;

    private final Process process;
    private final Writer requests;
    private final BufferedReader answers;
    private final String version;
    private final boolean joblib;

    private PythonPeer(Process process) throws BenchmarkException {
        this.process = process;
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        String greeting = answer("its start");
        if (!greeting.startsWith("ready ")) {
            throw new BenchmarkException("the Python program said \"" + greeting + "\" instead of being ready");
        }
        String[] versions = greeting.substring("ready ".length()).split(" ", -1);
        this.version = versions[0];
        this.joblib = versions.length > 1 && !versions[1].equals("none");
    }

    /**
     * Starts the program with its pools.
     *
     * @throws IOException if there is no such python
     */
    static PythonPeer start(String python, Path program) throws IOException, BenchmarkException {
        Process process = new ProcessBuilder(python, program.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return new PythonPeer(process);
        } catch (BenchmarkException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Of the interpreter. */
    String version() {
        return version;
    }

    /** Whether it can be measured as well: it is no part of CPython. */
    boolean hasJoblib() {
        return joblib;
    }

    Measured measure(String pool, String operation, int count) throws BenchmarkException {
        String request = pool + " " + operation + " " + count;
        try {
            requests.write(request + "\n");
            requests.flush();
        } catch (IOException e) {
            throw new BenchmarkException("the Python program is gone; its own messages are above", e);
        }
        String[] words = answer("\"" + request + "\"").split(" ", -1);
        try {
            return new Measured(Long.parseLong(words[0]), Long.parseLong(words[1]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new BenchmarkException(
                    "the Python program answered \"" + request + "\" with \"" + String.join(" ", words) + "\"", e);
        }
    }

    private String answer(String to) throws BenchmarkException {
        CompletableFuture<@Nullable String> line = CompletableFuture.supplyAsync(() -> {
            try {
                return answers.readLine();
            } catch (IOException e) {
                return null; // as an end of input: the process says why on stderr
            }
        });
        try {
            String text = line.get(ANSWER_SECONDS, TimeUnit.SECONDS);
            if (text == null) {
                throw new BenchmarkException(
                        "the Python program ended at " + to + "; its own messages, if any, are above");
            }
            return text;
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new BenchmarkException(
                    "the Python program gave no answer to " + to + " in " + ANSWER_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new BenchmarkException("the Python program's answer to " + to + " could not be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted", e);
        }
    }

    /** Its input ends, so it ends its pools and itself; by force if it does not. */
    @Override
    public void close() {
        try {
            requests.close();
            if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
