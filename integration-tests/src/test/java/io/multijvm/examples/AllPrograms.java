// SPDX-License-Identifier: Apache-2.0
package io.multijvm.examples;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JVM that runs one program after the other with one kind of pool; what each prints goes into a file of its name. */
final class AllPrograms {
    private AllPrograms() {}

    /** The arguments are the kind of pool, the directory for the files, and the main classes. */
    public static void main(String[] args) throws IOException, ReflectiveOperationException {
        for (int i = 2; i < args.length; i++) {
            try (OutputStream file = Files.newOutputStream(Path.of(args[1], args[i]));
                    PrintStream out = new PrintStream(file, true, StandardCharsets.UTF_8)) {
                System.setOut(out);
                Method main = Class.forName(args[i]).getMethod("main", String[].class);
                main.invoke(null, (Object) new String[] {args[0]});
            }
        }
    }
}
