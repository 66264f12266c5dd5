// SPDX-License-Identifier: Apache-2.0
package io.multijvm.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of a transcript is the same in every run. */
final class Transcripts {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");
    private static final Pattern PROGRESS = Pattern.compile("^[0-9]{2}:[0-9]{2}:[0-9]{2} multijvm ");
    /** A newer JVM that dies looks for a library which it seldom has, and says so; its worker says nothing else here. */
    private static final Pattern DISASSEMBLER = Pattern.compile("^  (last output:$|[|] .*hsdis)");

    private static final Pattern VALUE = Pattern.compile("\"value\":[0-9]*");

    private Transcripts() {}

    /**
     * Without pids, times and directories, the frames, which are other ones in each JVM, and what only a slow run says of
     * its progress.
     */
    static List<String> comparable(List<String> lines) {
        List<String> result = new ArrayList<>();
        for (String line : lines) {
            String same = line.replaceFirst("^  in .*", "  in FRAME")
                    .replaceFirst("^  at .*", "  at FRAME")
                    .replaceFirst("^  log: .*[/\\\\]", "  log: ")
                    .replaceFirst("worker [0-9]+ \\(pid [0-9]+\\)", "WORKER")
                    .replaceFirst("in [0-9.]+ s:", "in SECONDS:")
                    .replaceFirst("[0-9.]+ items/s", "SPEED");
            boolean anotherFrame = same.equals("  at FRAME") && result.contains(same);
            if (!anotherFrame
                    && !PROGRESS.matcher(same).find()
                    && !DISASSEMBLER.matcher(same).find()) {
                result.add(same);
            }
        }
        return result;
    }

    /** What {@code grep -o '"value":[0-9]*' | sort | uniq -c} makes of results. */
    static List<String> counts(List<String> results) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String line : results) {
            Matcher value = VALUE.matcher(line);
            if (value.find()) {
                counts.merge(value.group(), 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .map(each -> String.format("%7d %s", each.getValue(), each.getKey()))
                .toList();
    }

    /** Targets of links to files of this tree. */
    static List<String> linksOf(List<String> lines) {
        return lines.stream()
                .flatMap(line -> LINK.matcher(line).results())
                .map(link -> link.group(1))
                .toList();
    }
}
