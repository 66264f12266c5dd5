// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Map;

/**
 * Where messages go, and what is known of it.
 *
 * @param terminal that the stream may lead to
 * @param charset in which the stream encodes
 * @param environment the variables that say how users like their terminals
 */
record Stderr(PrintStream stream, Terminal terminal, Charset charset, Map<String, String> environment) {

    Stderr {
        environment = Map.copyOf(environment);
    }

    /** This process's own. */
    static Stderr ofProcess() {
        Map<String, String> environment = System.getenv();
        return new Stderr(System.err, StderrTerminal.of(environment), charsetOfErr(), environment);
    }

    /** A stream that leads to no terminal, with no wishes. */
    static Stderr plain(PrintStream stream) {
        return new Stderr(stream, Terminal.NONE, Charset.defaultCharset(), Map.of());
    }

    /** {@code PrintStream.charset()} came with Java 18; before and after it these say the same, in this order. */
    private static Charset charsetOfErr() {
        for (String property : new String[] {"stderr.encoding", "sun.stderr.encoding", "native.encoding"}) {
            String name = System.getProperty(property);
            try {
                if (name != null) {
                    return Charset.forName(name);
                }
            } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                // a locale that this JVM cannot write in; what it does instead, the next one says
            }
        }
        return Charset.defaultCharset();
    }
}
