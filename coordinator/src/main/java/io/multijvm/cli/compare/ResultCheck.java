// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import io.multijvm.cli.compare.ResultRecords.Entry;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** Holds every trial's results against those of the first that reached its end. */
final class ResultCheck {
    private @Nullable TrialFiles reference;
    private @Nullable Setup referenceSetup;

    /**
     * Compares as far as both came, and puts the records away.
     *
     * @throws DifferentResultsException that names the first item in which they differ
     */
    void check(Trial trial, TrialFiles files) throws IOException {
        if (reference != null && referenceSetup != null) {
            compare(reference, referenceSetup, files, trial);
        } else if (trial.isFinished() && trial.fault() == null) {
            reference = files;
            referenceSetup = trial.setup();
            return; // kept for the others
        }
        Files.deleteIfExists(files.results());
    }

    private static void compare(TrialFiles first, Setup firstSetup, TrialFiles files, Trial trial) throws IOException {
        try (ResultRecords.Reader expected = new ResultRecords.Reader(first.results());
                ResultRecords.Reader found = new ResultRecords.Reader(files.results())) {
            while (expected.hasNext() && found.hasNext()) {
                Entry theirs = expected.next();
                Entry ours = found.next();
                // Where a fault struck, others may have thrown who would not have: only values count.
                boolean counts = trial.fault() == null || ours.isValue();
                if (counts && theirs.contradicts(ours)) {
                    throw new DifferentResultsException("item " + ours.index() + " has different results: "
                            + theirs.inWords() + " in " + firstSetup + ", " + ours.inWords() + " in " + trial.setup()
                            + "; times of different work cannot be compared: make the method's result depend on its"
                            + " item alone");
                }
            }
            if (trial.isFinished() && expected.hasNext() != found.hasNext()) {
                throw new DifferentResultsException((expected.hasNext() ? trial.setup() : firstSetup)
                        + " has fewer results than " + (expected.hasNext() ? firstSetup : trial.setup())
                        + "; the items must not change while they are compared");
            }
        }
    }
}
