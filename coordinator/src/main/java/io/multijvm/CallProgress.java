// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import java.util.OptionalLong;

/**
 * How far a call is, at one moment.
 *
 * @param done items that have their outcome, failed ones included
 * @param failed those of them that failed for good
 * @param total items there are; empty while the input has not told
 */
public record CallProgress(long done, long failed, OptionalLong total) {
    public CallProgress {
        if (failed < 0 || failed > done) {
            throw new IllegalArgumentException("failed must be 0 to " + done + ", not " + failed);
        }
    }

    /** {@code 37 of 100, 2 failed}. */
    @Override
    public String toString() {
        return done
                + (total.isPresent() ? " of " + total.getAsLong() : "")
                + (failed > 0 ? ", " + failed + " failed" : "");
    }
}
