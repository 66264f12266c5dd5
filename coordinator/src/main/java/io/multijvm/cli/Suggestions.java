// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What was probably meant. */
final class Suggestions {
    private Suggestions() {}

    /** The name nearest to this one, if it is near enough to be a misprint of it. */
    static Optional<String> nearest(String name, Collection<String> names) {
        int most = name.length() < 3 ? 1 : Math.max(2, name.length() / 3); // two are needed for swapped letters
        String lower = name.toLowerCase(Locale.ROOT);
        return names.stream()
                .filter(each -> distance(lower, each.toLowerCase(Locale.ROOT)) <= most)
                .min(Comparator.comparingInt((String each) -> distance(lower, each.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** How many letters have to be put in, taken out or changed (Levenshtein). */
    private static int distance(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[to.length()];
    }
}
