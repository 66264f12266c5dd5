// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A command as somebody may paste it into a shell. */
public final class ShellWords {
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

    private ShellWords() {}

    public static String joined(List<String> words) {
        return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
    }

    /** One word. */
    public static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
