// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonIOException;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Results as JSON text on one line: records and plain objects by their fields, lists, arrays, maps, numbers, strings,
 * null. Nulls inside are written. NaN and the infinities, which JSON does not have, are the strings {@code "NaN"},
 * {@code "Infinity"} and {@code "-Infinity"}; a {@code byte[]} is Base64; paths and times are their {@code toString()}.
 */
final class ResultJson {
    /** Of the JDK, whose fields are closed to us, these have a text that says everything. */
    private static final List<Class<?>> AS_TEXT =
            List.of(Path.class, File.class, TemporalAccessor.class, TemporalAmount.class);

    private static final Gson GSON = new GsonBuilder()
            .serializeNulls()
            .disableHtmlEscaping()
            .registerTypeAdapter(double.class, new NumberAdapter())
            .registerTypeAdapter(Double.class, new NumberAdapter())
            .registerTypeAdapter(float.class, new NumberAdapter())
            .registerTypeAdapter(Float.class, new NumberAdapter())
            .registerTypeAdapter(byte[].class, new BytesAdapter())
            .registerTypeAdapterFactory(new JdkTypes())
            .create();

    private ResultJson() {}

    /** @throws IllegalArgumentException if the result is of a type that has no JSON form, or contains itself */
    static String of(@Nullable Object result) {
        if (result == null) {
            return "null";
        }
        try {
            Object value = named(result);
            return GSON.toJson(value, value.getClass());
        } catch (JsonIOException | UnsupportedOperationException e) {
            throw new IllegalArgumentException(
                    "the result, a " + result.getClass().getName() + ", cannot be written as JSON; return a string, "
                            + "a number, a record, a list or a map (" + e.getMessage() + ")",
                    e);
        } catch (StackOverflowError e) {
            // Its thousands of frames all say the same, so it is not kept as the cause.
            throw new IllegalArgumentException("the result, a "
                    + result.getClass().getName() + ", contains itself or is nested too deeply to be written as JSON");
        }
    }

    /** Gson writes null for an object of an anonymous class; that would lose the result without a word. */
    private static Object named(Object result) {
        if (!result.getClass().isAnonymousClass() || result instanceof Enum) {
            return result;
        }
        if (result instanceof Map<?, ?> map) {
            return new LinkedHashMap<Object, Object>(map);
        }
        if (result instanceof Collection<?> collection) {
            return new ArrayList<Object>(collection);
        }
        throw new UnsupportedOperationException("its class is anonymous");
    }

    private abstract static class WriteOnly<T> extends TypeAdapter<T> {
        @Override
        public void write(JsonWriter out, @Nullable T value) throws IOException {
            if (value == null) {
                out.nullValue();
            } else {
                writeValue(out, value);
            }
        }

        abstract void writeValue(JsonWriter out, T value) throws IOException;

        @Override
        public T read(JsonReader in) {
            throw new UnsupportedOperationException("results are only written");
        }
    }

    private static final class NumberAdapter extends WriteOnly<Number> {
        @Override
        void writeValue(JsonWriter out, Number value) throws IOException {
            if (Double.isFinite(value.doubleValue())) {
                out.value(value);
            } else {
                out.value(value.toString());
            }
        }
    }

    private static final class BytesAdapter extends WriteOnly<byte[]> {
        @Override
        void writeValue(JsonWriter out, byte[] value) throws IOException {
            out.value(Base64.getEncoder().encodeToString(value));
        }
    }

    private static final class TextAdapter<T> extends WriteOnly<T> {
        @Override
        void writeValue(JsonWriter out, T value) throws IOException {
            out.value(String.valueOf(value));
        }
    }

    private static final class OptionalAdapter<T> extends WriteOnly<T> {
        private final Gson gson;

        OptionalAdapter(Gson gson) {
            this.gson = gson;
        }

        @Override
        void writeValue(JsonWriter out, T value) throws IOException {
            Optional<?> optional = (Optional<?>) value;
            if (optional.isPresent()) {
                gson.toJson(optional.get(), optional.get().getClass(), out);
            } else {
                out.nullValue();
            }
        }
    }

    private static final class JdkTypes implements TypeAdapterFactory {
        @Override
        public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
            Class<?> raw = type.getRawType();
            if (raw == Optional.class) {
                return new OptionalAdapter<>(gson);
            }
            return AS_TEXT.stream().anyMatch(each -> each.isAssignableFrom(raw)) ? new TextAdapter<>() : null;
        }
    }
}
