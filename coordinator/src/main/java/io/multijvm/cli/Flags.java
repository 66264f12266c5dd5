// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What several commands ask of the values of their flags. */
final class Flags {
    private static final Pattern SIZE = Pattern.compile("[1-9][0-9]*[kKmMgG]");

    private Flags() {}

    /** Refuses a value below {@code least}; one that was not given is right. */
    static void atLeast(int least, @Nullable Integer value, String flag) {
        if (value != null && value < least) {
            throw new UsageException(flag + " must be at least " + least + ", not " + value);
        }
    }

    /** Refuses what is no size of memory; one that was not given is right. */
    static void size(@Nullable String value, String flag) {
        if (value != null && !SIZE.matcher(value).matches()) {
            throw new UsageException(flag + " " + OneLine.quote(value) + " is not a size; write it as 512m or 2g");
        }
    }

    /** Refuses what is no JDK or JRE; one that was not given is right. */
    static void jdk(@Nullable Path home, String flag) {
        if (home != null && !Files.isExecutable(home.resolve("bin").resolve("java"))) {
            throw new UsageException(
                    flag + " " + home + " has no bin/java; give the home of a JDK or JRE, 17 or later");
        }
    }
}
