// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.ToNumberPolicy;
import com.google.gson.reflect.TypeToken;
import io.multijvm.codec.UnfitItemException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * From the text of a JSON value to what a method takes, by the parameter's generic type. Stricter than the library that
 * does it where a misprint would pass as a value: an unknown constant is not null, a missing number not 0, a word that is
 * not a truth not false. Keys that a record does not have are left out, for the input may hold more than one job needs.
 */
final class JsonValues {
    /** Where the text stands is not told: it is one line, and the path says more. */
    private static final Pattern POSITION = Pattern.compile(" at line \\d+ column \\d+");

    private static final Pattern ADVICE = Pattern.compile("\\s*\\RSee https?://.*", Pattern.DOTALL);

    /** Of the JDK, whose fields are closed to us, these can be filled as well; Gson knows them itself. */
    private static final List<Class<?>> OF_THE_LIBRARY = List.of(
            String.class,
            CharSequence.class,
            Object.class,
            Number.class,
            java.math.BigInteger.class,
            java.math.BigDecimal.class,
            java.net.URI.class,
            java.net.URL.class,
            java.util.UUID.class,
            java.util.Locale.class);

    private static final Gson GSON = new GsonBuilder()
            .setStrictness(Strictness.STRICT)
            .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
            .registerTypeAdapterFactory(new StrictAdapters())
            .create();

    private JsonValues() {}

    /** Whether some JSON value can become this type; what its parts take is known only when one comes. */
    static boolean canBe(Class<?> type) {
        if (type.isArray()) {
            return canBe(type.getComponentType());
        }
        if (type.isPrimitive() || type.isEnum() || type.isRecord() || OF_THE_LIBRARY.contains(type)) {
            return true;
        }
        if (StrictAdapters.knows(type) || isBoxed(type)) {
            return true;
        }
        if (isOfTheJdk(type)) {
            return Collection.class.isAssignableFrom(type)
                    || Map.class.isAssignableFrom(type)
                    || type == Iterable.class;
        }
        return !type.isInterface() && !Modifier.isAbstract(type.getModifiers()) && !type.isAnnotation();
    }

    private static boolean isBoxed(Class<?> type) {
        return java.lang.invoke.MethodType.methodType(type)
                        .unwrap()
                        .returnType()
                        .isPrimitive()
                && type != Void.class;
    }

    private static boolean isOfTheJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    /** @throws UnfitItemException if the value is none of this type */
    static @Nullable Object read(String text, Type type, Class<?> raw) {
        Object value;
        try {
            value = GSON.getAdapter(TypeToken.get(type)).fromJson(text);
        } catch (JsonParseException | java.io.IOException | IllegalArgumentException | IllegalStateException e) {
            throw unfit(text, raw, reason(e));
        } catch (StackOverflowError e) {
            throw unfit(text, raw, "it is nested too deeply");
        }
        if (value == null && raw.isPrimitive()) {
            throw unfit(text, raw, "null is no value of it");
        }
        return value;
    }

    private static UnfitItemException unfit(String text, Class<?> raw, String why) {
        return new UnfitItemException(
                "the value " + Conversions.quote(text) + " is not " + Conversions.described(raw) + ": " + why);
    }

    private static String reason(Throwable thrown) {
        Throwable innermost = thrown;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage() == null ? innermost.getClass().getSimpleName() : innermost.getMessage();
        return POSITION.matcher(ADVICE.matcher(message).replaceFirst("")).replaceAll("");
    }
}
