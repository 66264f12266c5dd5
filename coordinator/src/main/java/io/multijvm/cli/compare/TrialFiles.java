// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.nio.file.Path;

/**
 * The files of one trial, in a directory of its own that only this user may enter.
 *
 * @param directory absolute
 */
public record TrialFiles(Path directory) {
    private static final String GC_LOG = "gc-";

    /** What a trial that reached its end measured: {@link TrialMeasures} or {@link SweepMeasures} as JSON. */
    public Path measures() {
        return directory.resolve("measures.json");
    }

    /** What became of each item, as far as the trial came: {@link ResultRecords}. */
    public Path results() {
        return directory.resolve("results");
    }

    /**
     * The flag by which a JVM of the trial logs its collections, each into a file of its own. A log outlives the JVM that
     * wrote it, as a question at the end would not; and it is not rotated, so that nothing is lost of it.
     */
    public String gcFlag() {
        return "-Xlog:gc:file=\"" + directory.resolve(GC_LOG + "%p.log") + "\":uptime:filecount=0";
    }

    static boolean isGcLog(Path file) {
        return file.getFileName().toString().startsWith(GC_LOG);
    }
}
