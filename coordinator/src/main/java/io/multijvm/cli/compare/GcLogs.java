// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Time in which collections stopped the JVMs of a trial: the pauses in their logs, summed. What a collector does beside the
 * program is not in it; that shows in the processor time.
 */
final class GcLogs {
    private static final Pattern PAUSE = Pattern.compile("Pause .* ([0-9]+\\.[0-9]+)ms$");

    private GcLogs() {}

    static double pauseSeconds(Path directory) throws IOException {
        List<Path> logs;
        try (Stream<Path> files = Files.list(directory)) {
            logs = files.filter(TrialFiles::isGcLog).toList();
        }
        double millis = 0;
        for (Path log : logs) {
            try (Stream<String> lines = Files.lines(log)) {
                millis += lines.mapToDouble(GcLogs::pauseMillis).sum();
            }
        }
        return millis / 1e3;
    }

    static double pauseMillis(String line) {
        Matcher matcher = PAUSE.matcher(line);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
    }
}
