// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.death;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.multijvm.failure.CrashReport;
import java.util.List;

/** A death for programs: the members of one JSON object. What is not known is left out; sizes are bytes. */
public final class DeathRecord {
    private DeathRecord() {}

    /** All of the report but the item's index and name, which those who write it have in words of their own. */
    public static JsonObject of(CrashReport report) {
        JsonObject object = new JsonObject();
        object.addProperty("kind", report.kind().name());
        object.addProperty("what", report.what());
        report.exitCode().ifPresent(code -> object.addProperty("exit_code", code));
        report.signal().ifPresent(signal -> object.addProperty("signal", signal));
        object.addProperty("attempt", report.attempt());
        report.item().ran().ifPresent(ran -> object.addProperty("ran_seconds", Math.round(ran.toNanos() / 1e6) / 1e3));
        object.addProperty("worker", report.slot());
        object.addProperty("incarnation", report.incarnation());
        object.addProperty("pid", report.pid());
        object.addProperty("items_done", report.worker().done());
        JsonObject memory = memory(report.memory());
        if (memory.size() > 0) {
            object.add("memory", memory);
        }
        if (!report.nativeFrame().isEmpty()) {
            object.addProperty("native_frame", report.nativeFrame());
        }
        object.add("java_frames", strings(report.javaFrames()));
        object.add("last_output", strings(report.lastOutput()));
        object.add("files", strings(report.files()));
        if (!report.verdict().isEmpty()) {
            object.addProperty("verdict", report.verdict());
        }
        object.addProperty("next_step", report.nextStep());
        return object;
    }

    private static JsonObject memory(CrashReport.Memory memory) {
        JsonObject object = new JsonObject();
        addIfKnown(object, "heap_used", memory.heapUsed());
        addIfKnown(object, "heap_max", memory.heapMax());
        addIfKnown(object, "resident", memory.resident());
        addIfKnown(object, "resident_peak", memory.residentPeak());
        return object;
    }

    private static void addIfKnown(JsonObject object, String name, long bytes) {
        if (bytes > 0) {
            object.addProperty(name, bytes);
        }
    }

    private static JsonArray strings(List<?> values) {
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(value.toString()));
        return array;
    }
}
