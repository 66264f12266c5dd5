// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What one run of the program in this JVM left behind. */
record Program(int exitCode, List<String> out, List<String> err) {

    static Program run(String... args) {
        return runWith(new byte[0], args);
    }

    static Program runWith(byte[] stdin, String... args) {
        return runWith(new ByteArrayInputStream(stdin), args);
    }

    static Program runWith(InputStream stdin, String... args) {
        return run(stdin, Configuration.Places.NONE, args);
    }

    /** With flags from these places. */
    static Program runConfigured(Configuration.Places places, String... args) {
        return run(InputStream.nullInputStream(), places, args);
    }

    private static Program run(InputStream stdin, Configuration.Places places, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = MultijvmMain.run(
                args,
                stdin,
                new CheckedStream(new PrintStream(out, false, StandardCharsets.UTF_8)),
                Stderr.plain(new PrintStream(err, true, StandardCharsets.UTF_8)),
                places);
        return new Program(exitCode, lines(out), lines(err));
    }

    private static List<String> lines(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
