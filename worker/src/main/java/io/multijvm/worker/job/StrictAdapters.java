// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonSyntaxException;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How values are read where Gson is too lenient, or does not know a type that results are written of. */
final class StrictAdapters implements TypeAdapterFactory {
    private static final int LISTED_CONSTANTS = 12;

    /** The texts that results have for them, read back. */
    private static final Map<Class<?>, Function<String, Object>> FROM_TEXT = Map.of(
            CharSequence.class, text -> text,
            Path.class, Path::of,
            File.class, File::new,
            Instant.class, Instant::parse,
            Duration.class, Duration::parse,
            LocalDate.class, LocalDate::parse,
            LocalTime.class, LocalTime::parse,
            LocalDateTime.class, LocalDateTime::parse,
            OffsetDateTime.class, OffsetDateTime::parse,
            ZonedDateTime.class, ZonedDateTime::parse);

    /** Whether this type is read here. */
    static boolean knows(Class<?> type) {
        return FROM_TEXT.containsKey(type);
    }

    @Override
    public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
        Class<? super T> raw = type.getRawType();
        Function<String, Object> fromText = FROM_TEXT.get(raw);
        if (fromText != null) {
            return reading(in -> ofText(in, raw, fromText));
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return reading(StrictAdapters::truth);
        }
        if (raw.isEnum()) {
            return reading(in -> constant(in, raw));
        }
        if (raw == byte[].class) {
            TypeAdapter<T> numbers = gson.getDelegateAdapter(this, type);
            return reading(in -> in.peek() == JsonToken.STRING ? base64(in) : numbers.read(in));
        }
        List<String> needed = raw.isRecord() ? primitives(raw) : List.of();
        if (needed.isEmpty()) {
            return null;
        }
        TypeAdapter<T> whole = gson.getDelegateAdapter(this, type);
        TypeAdapter<JsonElement> tree = gson.getAdapter(JsonElement.class);
        return reading(in -> whole.fromJsonTree(complete(tree.read(in), raw, needed)));
    }

    private static Object ofText(JsonReader in, Class<?> type, Function<String, Object> fromText) throws IOException {
        String path = in.getPath();
        String text = in.nextString();
        try {
            return fromText.apply(text);
        } catch (RuntimeException e) { // each of these types has an exception of its own
            throw new JsonSyntaxException(
                    Conversions.quote(text) + " is not " + Conversions.described(type) + at(path));
        }
    }

    private static Object truth(JsonReader in) throws IOException {
        if (in.peek() != JsonToken.BOOLEAN) {
            throw new JsonSyntaxException("Expected true or false but was " + in.peek() + at(in.getPath()));
        }
        return in.nextBoolean();
    }

    private static Object constant(JsonReader in, Class<?> type) throws IOException {
        String path = in.getPath();
        String name = in.nextString();
        Object[] constants = type.getEnumConstants();
        return Arrays.stream(constants)
                .filter(each -> ((Enum<?>) each).name().equals(name))
                .findFirst()
                .orElseThrow(() -> new JsonSyntaxException(Conversions.quote(name) + " is none of "
                        + Arrays.stream(constants)
                                .limit(LISTED_CONSTANTS)
                                .map(each -> ((Enum<?>) each).name())
                                .collect(Collectors.joining(", "))
                        + at(path)));
    }

    private static Object base64(JsonReader in) throws IOException {
        String path = in.getPath();
        try {
            return Base64.getDecoder().decode(in.nextString());
        } catch (IllegalArgumentException e) {
            throw new JsonSyntaxException("bytes are Base64, and this is not: " + e.getMessage() + at(path));
        }
    }

    private static List<String> primitives(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .filter(each -> each.getType().isPrimitive())
                .map(RecordComponent::getName)
                .toList();
    }

    /** The record's JSON, unless it lacks what has no null: that would silently be 0 or false. */
    private static JsonElement complete(JsonElement value, Class<?> type, List<String> needed) {
        if (value instanceof JsonObject object) {
            needed.stream().filter(name -> !object.has(name)).findFirst().ifPresent(name -> {
                throw new JsonSyntaxException(type.getSimpleName() + " needs a value for " + name);
            });
        }
        return value;
    }

    private static String at(String path) {
        return " at path " + path;
    }

    /** Gives a value, or throws what tells why there is none. */
    private interface Reading {
        @Nullable
        Object read(JsonReader in) throws IOException;
    }

    private static <T> TypeAdapter<T> reading(Reading reading) {
        return new TypeAdapter<>() {
            @Override
            public void write(JsonWriter out, @Nullable T value) {
                throw new UnsupportedOperationException("items are only read");
            }

            @Override
            @SuppressWarnings({"unchecked", "NullAway"}) // each reading gives the type that it is for; null for null
            public T read(JsonReader in) throws IOException {
                if (in.peek() == JsonToken.NULL) {
                    in.nextNull();
                    return null;
                }
                return (T) reading.read(in);
            }
        };
    }
}
