// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every trial as it was measured, for other programs. Seconds, bytes; what is not known is empty. */
final class CsvReport {
    private static final String HEAD = "mode,workers,run,warmup,fault,ending,wall_seconds,results,ok,failed,"
            + "cpu_seconds,workers_cpu_seconds,peak_resident_bytes,gc_seconds,start_up_seconds,transfer_seconds,"
            + "task_seconds,sha256";

    private CsvReport() {}

    static List<String> lines(ComparisonReport report) {
        List<String> lines = new ArrayList<>(List.of(HEAD));
        report.trials().forEach(each -> lines.add(line(each)));
        return lines;
    }

    /** No field has a comma, a quotation mark or a line's end in it, so none has to be quoted. */
    private static String line(Trial trial) {
        Stream<Object> always = Stream.of(
                trial.setup().mode(),
                trial.setup().workers(),
                trial.run(),
                trial.isWarmup(),
                trial.fault() == null ? "" : trial.fault(),
                trial.ending().name().toLowerCase(Locale.ROOT),
                seconds(trial.wallSeconds()),
                trial.results());
        Stream<Object> finished = trial.isFinished() ? finished(trial) : unfinished(trial);
        return Stream.concat(always, finished).map(String::valueOf).collect(Collectors.joining(","));
    }

    private static Stream<Object> finished(Trial trial) {
        TrialMeasures measures = trial.finished();
        return Stream.of(
                measures.ok(),
                measures.failed(),
                orEmpty(trial.cpuSeconds()),
                orEmpty(trial.workersCpuSeconds()),
                resident(trial),
                seconds(trial.gcSeconds()),
                seconds(trial.startUpSeconds()),
                seconds(trial.transferSeconds()),
                seconds(measures.taskSeconds()),
                measures.sha256());
    }

    private static Stream<Object> unfinished(Trial trial) {
        return Stream.of(
                "", "", orEmpty(trial.cpuSeconds()), "", resident(trial), seconds(trial.gcSeconds()), "", "", "", "");
    }

    private static String resident(Trial trial) {
        return trial.peakResidentBytes().isPresent()
                ? Long.toString(trial.peakResidentBytes().getAsLong())
                : "";
    }

    private static String orEmpty(OptionalDouble value) {
        return value.isPresent() ? seconds(value.getAsDouble()) : "";
    }

    private static String seconds(double value) {
        return String.format(Locale.ROOT, "%.6f", value);
    }
}
