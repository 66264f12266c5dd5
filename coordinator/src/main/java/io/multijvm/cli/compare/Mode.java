// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.util.Arrays;
import java.util.Locale;

/** Where the items of a trial run; in the order in which they are shown. */
public enum Mode {
    SERIAL,
    THREADS,
    PROCESSES;

    /** As the user writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The mode of that name.
     *
     * @throws IllegalArgumentException with the sentence for the user
     */
    public static Mode parse(String text) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + text + "\" is not a mode; give serial, threads or processes, with commas between"));
    }
}
