// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.Optional;

/** Everything that was measured, as one JSON object. Seconds, bytes; what is not known is left out. */
final class JsonReport {
    /** Grows by one with every change that a reader could stumble over. */
    private static final int SCHEMA_VERSION = 1;

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private JsonReport() {}

    static String text(ComparisonReport report) {
        JsonObject root = new JsonObject();
        root.addProperty("schema_version", SCHEMA_VERSION);
        root.add("environment", environment(report.environment()));
        root.add("plan", plan(report.plan()));
        root.add("summary", summary(report));
        JsonArray trials = new JsonArray();
        report.trials().forEach(each -> trials.add(trial(each)));
        root.add("trials", trials);
        report.sweep().measures().ifPresent(sweep -> root.add("break_even", breakEven(report, sweep)));
        return GSON.toJson(root);
    }

    private static JsonObject environment(Environment environment) {
        JsonObject json = new JsonObject();
        json.addProperty("date", environment.date());
        json.addProperty("java", environment.java());
        json.addProperty("system", environment.system());
        json.addProperty("processor", environment.processor());
        json.addProperty("cores", environment.cores());
        json.addProperty("memory_bytes", environment.memoryBytes());
        return json;
    }

    private static JsonObject plan(ComparisonPlan plan) {
        JsonObject json = new JsonObject();
        json.addProperty("job", plan.job());
        json.addProperty("items", plan.items());
        json.addProperty("runs", plan.runs());
        json.addProperty("warmups", plan.warmups());
        json.addProperty("seed", plan.seed());
        json.addProperty("heap_total_bytes", plan.heap().total().bytes());
        json.addProperty("trial_timeout_seconds", plan.limit().toMillis() / 1e3);
        return json;
    }

    private static JsonArray summary(ComparisonReport report) {
        JsonArray rows = new JsonArray();
        for (Setup setup : report.plan().setups()) {
            JsonObject row = setup(setup);
            report.wall(setup).ifPresent(wall -> {
                row.addProperty("wall_mean_seconds", wall.mean());
                if (wall.count() > 1) {
                    row.addProperty("wall_sd_seconds", wall.sd());
                }
                row.addProperty("wall_min_seconds", wall.min());
                row.addProperty("wall_max_seconds", wall.max());
            });
            rows.add(row);
        }
        return rows;
    }

    private static JsonObject setup(Setup setup) {
        JsonObject json = new JsonObject();
        json.addProperty("mode", setup.mode().toString());
        json.addProperty("workers", setup.workers());
        return json;
    }

    private static JsonObject trial(Trial trial) {
        JsonObject json = setup(trial.setup());
        json.addProperty("run", trial.run());
        json.addProperty("warmup", trial.isWarmup());
        Optional.ofNullable(trial.fault()).ifPresent(fault -> json.addProperty("fault", fault.toString()));
        json.addProperty("ending", trial.ending().name().toLowerCase(Locale.ROOT));
        if (!trial.how().isEmpty()) {
            json.addProperty("how", trial.how());
        }
        json.addProperty("wall_seconds", trial.wallSeconds());
        json.addProperty("results", trial.results());
        json.addProperty("gc_seconds", trial.gcSeconds());
        trial.cpuSeconds().ifPresent(seconds -> json.addProperty("cpu_seconds", seconds));
        trial.peakResidentBytes().ifPresent(bytes -> json.addProperty("peak_resident_bytes", bytes));
        json.add("jvm_arguments", GSON.toJsonTree(trial.jvmArguments()));
        if (trial.isFinished()) {
            TrialMeasures measures = trial.finished();
            json.addProperty("ok", measures.ok());
            json.add("failures", GSON.toJsonTree(measures.failures()));
            json.addProperty("sha256", measures.sha256());
            json.addProperty("task_seconds", measures.taskSeconds());
            json.addProperty("start_up_seconds", trial.startUpSeconds());
            json.addProperty("all_workers_begun_seconds", trial.allBegunSeconds());
            json.addProperty("transfer_seconds", trial.transferSeconds());
            trial.workersCpuSeconds().ifPresent(seconds -> json.addProperty("workers_cpu_seconds", seconds));
        }
        return json;
    }

    private static JsonElement breakEven(ComparisonReport report, SweepMeasures sweep) {
        JsonObject json = new JsonObject();
        report.plan().sweepWith().ifPresent(with -> {
            json.addProperty("workers", with.workers());
            new BreakEven(with.workers(), sweep)
                    .itemMicros()
                    .ifPresent(micros -> json.addProperty("item_micros", micros));
        });
        JsonArray points = new JsonArray();
        sweep.points().forEach(point -> {
            JsonObject each = new JsonObject();
            each.addProperty("item_micros", point.itemMicros());
            each.addProperty("items", point.items());
            each.add("threads_seconds", GSON.toJsonTree(point.threadsSeconds()));
            each.add("processes_seconds", GSON.toJsonTree(point.processesSeconds()));
            points.add(each);
        });
        json.add("points", points);
        return json;
    }
}
