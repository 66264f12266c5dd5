// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;
import java.util.regex.Pattern;

/** Texts of others, made fit for a line of ours. */
final class OneLine {
    /** With the bar that may begin a quoted line of output. */
    private static final Pattern LINE_BREAKS = Pattern.compile("\\s*\\R\\s*(\\|\\s*)?");

    private static final int QUOTED_CHARS = 60;

    private OneLine() {}

    /** All lines of a text as one. */
    static String of(String text) {
        return LINE_BREAKS.matcher(text.strip()).replaceAll(" | ");
    }

    /** A failure's message, or its class where it has none. */
    static String messageOf(Throwable thrown) {
        return of(Objects.requireNonNullElse(
                thrown.getMessage(), thrown.getClass().getSimpleName()));
    }

    /** Without control characters but line breaks and tabs: what others wrote may not steer the terminal. */
    static String tame(String text) {
        StringBuilder tame = new StringBuilder(text.length());
        text.chars().forEach(c -> tame.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? '?' : (char) c));
        return tame.toString();
    }

    /** All there is, on as many lines as it takes. */
    static String stackOf(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString().strip();
    }

    /** In quotation marks, shortened, without control characters: a line of input may not steer the terminal. */
    static String quote(String text) {
        String shortened = text.length() <= QUOTED_CHARS ? text : text.substring(0, QUOTED_CHARS) + "...";
        StringBuilder quoted = new StringBuilder("\"");
        shortened.chars().forEach(c -> quoted.append(Character.isISOControl(c) ? '?' : (char) c));
        return quoted.append('"').toString();
    }
}
