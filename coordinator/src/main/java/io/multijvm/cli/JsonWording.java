// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.multijvm.WorkerLogRecord;
import io.multijvm.internal.death.DeathRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.logging.LogRecord;

/**
 * For programs: each line an object with {@code schema_version}, {@code type} and {@code time}. What is not known is left
 * out. The version changes when a member is taken away or means something else; new ones may come at any time.
 */
final class JsonWording implements Wording {
    static final int SCHEMA_VERSION = 1;
    /** Of what a failed item had written. */
    private static final int OUTPUT_LINES = 20;

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    @Override
    public String progress(Progress progress) {
        JsonObject line = line("progress");
        line.addProperty("done", progress.done());
        progress.total().ifPresent(total -> line.addProperty("total", total));
        progress.percent().ifPresent(percent -> line.addProperty("percent", percent));
        line.addProperty("failed", progress.failed());
        line.addProperty("ok_after_retry", progress.again());
        line.addProperty("workers", progress.workers());
        line.addProperty("elapsed_seconds", seconds(progress.elapsed().toNanos()));
        progress.perSecond().ifPresent(pace -> line.addProperty("items_per_second", rounded(pace)));
        progress.left().ifPresent(left -> line.addProperty("eta_seconds", left.toSeconds()));
        progress.drain().ifPresent(drain -> line.addProperty("stopping_waits_for", drain.waiting()));
        return GSON.toJson(line);
    }

    @Override
    public String failure(FailedItem failed) {
        JsonObject line = line("failure");
        line.addProperty("index", failed.index());
        line.addProperty("item", failed.item());
        line.addProperty("kind", failed.kind().name());
        line.addProperty("message", failed.message());
        line.addProperty("attempts", failed.attempts());
        if (!failed.output().isEmpty()) {
            line.add("last_output", strings(failed.output().last(OUTPUT_LINES)));
        }
        failed.crash().ifPresent(crash -> line.add("crash", crash(crash)));
        return GSON.toJson(line);
    }

    private static JsonObject crash(FailedItem.Crash crash) {
        JsonObject object = DeathRecord.of(crash.report());
        object.addProperty("effect", crash.effect());
        if (!crash.repeat().isEmpty()) {
            object.addProperty("repeat", String.join(" ", crash.repeat()));
        }
        return object;
    }

    @Override
    public String notice(String message) {
        JsonObject line = line("notice");
        line.addProperty("message", message);
        return GSON.toJson(line);
    }

    @Override
    public String log(LogRecord record) {
        JsonObject line = line("log");
        line.addProperty("level", record.getLevel().getName());
        line.addProperty("logger", record.getLoggerName());
        if (record instanceof WorkerLogRecord ofWorker) {
            line.addProperty("worker", ofWorker.slot());
            ofWorker.item().ifPresent(item -> line.addProperty("index", item));
        }
        line.addProperty("message", LogText.of(record));
        return GSON.toJson(line);
    }

    @Override
    public String end(RunEnd end) {
        JsonObject line = line("summary");
        line.addProperty("complete", end.complete());
        end.signal().ifPresent(signal -> line.addProperty("stopped_by", signal));
        line.addProperty("done", end.done());
        end.total().ifPresent(total -> line.addProperty("total", total));
        line.addProperty("ok", end.ok());
        line.addProperty("ok_after_retry", end.again());
        line.addProperty("failed", end.failed());
        line.addProperty("elapsed_seconds", seconds(end.wall().toNanos()));
        line.addProperty("items_per_second", rounded(end.perSecond()));
        return GSON.toJson(line);
    }

    @Override
    public String error(String message) {
        JsonObject line = line("error");
        line.addProperty("message", message);
        return GSON.toJson(line);
    }

    @Override
    public String bug(String message, Throwable thrown) {
        JsonObject line = line("error");
        line.addProperty("message", message);
        line.addProperty("stack", OneLine.stackOf(thrown));
        return GSON.toJson(line);
    }

    private static JsonArray strings(List<String> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    private static JsonObject line(String type) {
        JsonObject line = new JsonObject();
        line.addProperty("schema_version", SCHEMA_VERSION);
        line.addProperty("type", type);
        line.addProperty("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        return line;
    }

    private static double seconds(long nanos) {
        return rounded(nanos / 1e9);
    }

    /** To the thousandth: more is noise. */
    private static double rounded(double value) {
        return Math.round(value * 1e3) / 1e3;
    }
}
