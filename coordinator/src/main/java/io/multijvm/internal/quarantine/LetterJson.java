// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.quarantine;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.multijvm.codec.PackedType;
import io.multijvm.failure.FailureKind;
import io.multijvm.internal.death.DeathRecord;
import io.multijvm.internal.dispatch.DeathMark;
import io.multijvm.internal.dispatch.WorkerProcess;
import io.multijvm.internal.process.LaunchFacts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A letter's words as JSON; its bytes are files beside it. */
final class LetterJson {
    /** Raised when a reader of before would not understand it. */
    private static final int FORMAT = 1;

    private LetterJson() {}

    static JsonObject of(Letter letter) {
        JsonObject json = new JsonObject();
        json.addProperty("format", FORMAT);
        json.addProperty("index", letter.index());
        json.addProperty("attempts", letter.attempts());
        json.addProperty("what", letter.what());
        json.add("mark", of(letter.mark()));
        json.addProperty("packed", letter.packed() == null ? 0 : letter.packed().code());
        json.addProperty("codec", letter.pool().codec());
        // a JSON number loses the last digits of a long in many readers
        json.addProperty("seed", Long.toString(letter.pool().seed()));
        json.addProperty("initTimeoutMillis", letter.pool().initTimeout().toMillis());
        json.addProperty(
                "itemTimeoutMillis",
                letter.itemTimeout() == null
                        ? 0
                        : Math.max(1, letter.itemTimeout().toMillis()));
        json.add("jobPath", paths(letter.pool().jobPath()));
        json.add("allow", texts(letter.pool().allow()));
        json.add("worker", of(letter.launch()));
        return json;
    }

    private static JsonObject of(LaunchFacts launch) {
        JsonObject json = new JsonObject();
        json.addProperty("javaHome", launch.javaHome().toString());
        json.addProperty("java", launch.java());
        if (launch.heap() != null) {
            json.addProperty("heap", launch.heap());
        }
        json.addProperty("processors", launch.processors());
        json.add("jvmArgs", texts(launch.jvmArgs()));
        json.add("withheldProperties", texts(launch.withheld()));
        json.add("environmentNames", texts(launch.variables()));
        json.addProperty("workingDirectory", launch.workingDirectory().toString());
        json.add("classPath", paths(launch.classPath()));
        return json;
    }

    private static JsonObject of(DeathMark mark) {
        JsonObject json = new JsonObject();
        json.addProperty("kind", mark.kind().name());
        mark.exitCode().ifPresent(code -> json.addProperty("exitCode", code));
        mark.signal().ifPresent(signal -> json.addProperty("signal", signal));
        json.addProperty("nativeFrame", mark.nativeFrame());
        json.addProperty("javaFrame", mark.javaFrame());
        return json;
    }

    /** What is known of the deaths. */
    static JsonArray of(List<WorkerProcess.Death> deaths) {
        JsonArray all = new JsonArray();
        for (WorkerProcess.Death death : deaths) {
            JsonObject json = DeathRecord.of(death.report());
            death.report().index().ifPresent(index -> json.addProperty("index", index));
            all.add(json);
        }
        return all;
    }

    /**
     * The letter that these words and bytes make.
     *
     * @throws RuntimeException of any kind if something is missing or wrong
     */
    static Letter read(JsonObject json, byte[] task, byte[] item, byte @Nullable [] init) {
        int format = json.get("format").getAsInt();
        if (format != FORMAT) {
            throw new IllegalArgumentException("its format is " + format + ", and this version reads " + FORMAT);
        }
        int packed = json.get("packed").getAsInt();
        PackedType type = PackedType.ofCode(packed);
        if (packed != 0 && type == null) {
            throw new IllegalArgumentException(
                    "its item is packed as " + packed + ", which this version does not know");
        }
        long limit = json.get("itemTimeoutMillis").getAsLong();
        return new Letter(
                json.get("index").getAsLong(),
                type,
                task,
                item,
                new Letter.OfPool(
                        json.get("codec").getAsString(),
                        Long.parseLong(json.get("seed").getAsString()),
                        init,
                        Duration.ofMillis(json.get("initTimeoutMillis").getAsLong()),
                        paths(json, "jobPath"),
                        texts(json, "allow")),
                limit == 0 ? null : Duration.ofMillis(limit),
                launch(json.getAsJsonObject("worker")),
                mark(json.getAsJsonObject("mark")),
                json.get("what").getAsString(),
                json.get("attempts").getAsInt());
    }

    private static LaunchFacts launch(JsonObject json) {
        JsonElement heap = json.get("heap");
        return new LaunchFacts(
                Path.of(json.get("javaHome").getAsString()),
                json.get("java").getAsInt(),
                heap == null ? null : heap.getAsString(),
                texts(json, "jvmArgs"),
                texts(json, "withheldProperties"),
                texts(json, "environmentNames"),
                Path.of(json.get("workingDirectory").getAsString()),
                paths(json, "classPath"),
                json.get("processors").getAsInt());
    }

    private static DeathMark mark(JsonObject json) {
        return new DeathMark(
                FailureKind.valueOf(json.get("kind").getAsString()),
                number(json, "exitCode"),
                number(json, "signal"),
                json.get("nativeFrame").getAsString(),
                json.get("javaFrame").getAsString());
    }

    private static OptionalInt number(JsonObject json, String name) {
        JsonElement value = json.get(name);
        return value == null ? OptionalInt.empty() : OptionalInt.of(value.getAsInt());
    }

    private static JsonArray texts(Collection<String> texts) {
        JsonArray all = new JsonArray();
        texts.forEach(all::add);
        return all;
    }

    private static JsonArray paths(Collection<Path> paths) {
        return texts(paths.stream().map(Path::toString).toList());
    }

    private static List<String> texts(JsonObject json, String name) {
        return json.getAsJsonArray(name).asList().stream()
                .map(JsonElement::getAsString)
                .toList();
    }

    private static List<Path> paths(JsonObject json, String name) {
        return texts(json, name).stream().map(Path::of).toList();
    }
}
