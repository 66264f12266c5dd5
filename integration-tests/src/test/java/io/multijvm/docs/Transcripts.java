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
    /** Of a death: frames, memory, paths and commands, which are other ones in each JVM or directory, and how soon it was replaced. */
    private static final Pattern OTHER_FACTS = Pattern.compile("^  (where|running|effect|files|output|repeat) .*");

    private static final Pattern GOES_ON = Pattern.compile("^ {11}.*");
    private static final Pattern VALUE = Pattern.compile("\"value\":[0-9]*");

    private Transcripts() {}

    /** Without pids, times and directories, facts that are other ones in each JVM, and what only a slow run says of its progress. */
    static List<String> comparable(List<String> lines) {
        List<String> result = new ArrayList<>();
        boolean leftOut = false;
        for (String line : lines) {
            leftOut = GOES_ON.matcher(line).matches()
                    ? leftOut
                    : OTHER_FACTS.matcher(line).matches();
            if (leftOut) {
                if (!GOES_ON.matcher(line).matches()) {
                    result.add(line.trim().replaceFirst(" .*", ""));
                }
                continue;
            }
            String same = line.replaceFirst("worker [0-9]+, pid [0-9]+", "WORKER")
                    .replaceFirst("in [0-9.]+ s:", "in SECONDS:")
                    .replaceFirst("[0-9.]+ items/s", "SPEED");
            if (!PROGRESS.matcher(same).find()) {
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
