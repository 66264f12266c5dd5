// SPDX-License-Identifier: Apache-2.0
package jobs;

/** Needs a class that lies in another jar. */
public final class Borrowing {
    private Borrowing() {}

    /** The length, as the other jar's class sees it. */
    public static int length(String line) {
        return Sample.length(line);
    }
}
