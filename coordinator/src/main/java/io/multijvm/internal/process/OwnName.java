// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.wire.lineage.ProcessStamp;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of our files, which tell whose they are: {@code multijvm-PID-START-PLACE-RANDOM}, or {@code multijvm-WORD-...}. */
final class OwnName {
    /** Enough for a directory to be looked at more closely. */
    static final String GLOB = "multijvm-*";

    private static final Pattern NAME =
            Pattern.compile("multijvm-(?:[a-z]+-)?([0-9]+-[0-9]+-[0-9a-z]+)-[0-9a-f]{8,64}");

    private OwnName() {}

    /**
     * A new name, which nobody can guess.
     *
     * @param prefix {@code multijvm} or {@code multijvm-WORD}
     */
    static String of(String prefix, int randomBytes) {
        return of(prefix, "", randomBytes);
    }

    /**
     * As {@link #of(String, int)}, with these before the random digits.
     *
     * @param digits hexadecimal
     */
    static String of(String prefix, String digits, int randomBytes) {
        String name = prefix + "-" + ProcessStamp.ofThisProcess() + "-" + digits + PrivateFiles.randomName(randomBytes);
        if (ownerOf(name).isEmpty()) {
            throw new IllegalArgumentException("prefix '" + prefix + "': nobody would find " + name + " again");
        }
        return name;
    }

    /** The process that made a file of this name; empty if it is none of ours. */
    static Optional<ProcessStamp> ownerOf(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches() ? ProcessStamp.parse(matcher.group(1)) : Optional.empty();
    }
}
