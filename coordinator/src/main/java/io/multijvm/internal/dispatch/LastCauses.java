// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Why the last starts of workers came to nothing, for who is told that there will be no more. Thread-safe. */
final class LastCauses {
    private static final int TOLD = 3;

    /** Guarded by this. */
    private final Deque<String> causes = new ArrayDeque<>();

    synchronized void add(String cause) {
        causes.addLast(cause);
        if (causes.size() > TOLD) {
            causes.removeFirst();
        }
    }

    /** What is told of the latest, and a line for each one before it; those that say the same are only counted. */
    synchronized String after(String latest) {
        List<String> all = List.copyOf(causes);
        StringBuilder told = new StringBuilder(latest);
        int alike = 0;
        for (int i = all.size() - 2; i >= 0; i--) {
            if (withoutNumbers(all.get(i)).equals(withoutNumbers(all.get(all.size() - 1)))) {
                alike++;
            } else {
                told.append("\n  before that: ").append(firstLine(all.get(i)));
            }
        }
        if (alike > 0) {
            told.append("\n  ")
                    .append(alike == 1 ? "another start" : alike + " more starts")
                    .append(" failed so before it");
        }
        return told.toString();
    }

    /** Two workers that fail alike differ in their slot and pid. */
    private static String withoutNumbers(String cause) {
        return cause.replaceAll("\\d+", "0");
    }

    private static String firstLine(String cause) {
        return cause.lines().findFirst().orElse("");
    }
}
