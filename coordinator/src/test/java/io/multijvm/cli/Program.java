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
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = MultijvmMain.run(
                args,
                stdin,
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Program(exitCode, lines(out), lines(err));
    }

    private static List<String> lines(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
