// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an object, as a user would name them: fields of its class, elements, entries, what a lambda captured. JDK
 * classes other than containers have none: their fields are closed to us and would tell the user nothing.
 */
final class GraphParts {

    /**
     * @param step from the whole to the part: {@code .owner}, {@code [3]}, {@code .captured[0]}
     * @param holder the whole
     * @param lambda the whole as a serialisable lambda, if it is one
     */
    record Part(
            String step,
            Object value,
            Object holder,
            @Nullable SerializedLambda lambda) {}

    private GraphParts() {}

    /** Always encodes, and has no parts: not worth a trial. */
    static boolean isLeaf(Object value) {
        return value instanceof String
                || value instanceof Boolean
                || value instanceof Character
                || (value instanceof Number && value.getClass().getName().startsWith("java.lang."))
                || (value.getClass().isArray()
                        && value.getClass().getComponentType().isPrimitive());
    }

    /** Its parts, without nulls. Lazy: a collection of millions is read only as far as needed. */
    static Stream<Part> of(Object whole) {
        SerializedLambda lambda = serialized(whole);
        if (lambda != null) {
            return IntStream.range(0, lambda.getCapturedArgCount())
                    .mapToObj(i -> part(".captured[" + i + "]", lambda.getCapturedArg(i), whole, lambda))
                    .flatMap(Optional::stream);
        }
        if (whole instanceof Object[]) {
            return IntStream.range(0, Array.getLength(whole))
                    .mapToObj(i -> part("[" + i + "]", Array.get(whole, i), whole, null))
                    .flatMap(Optional::stream);
        }
        if (whole instanceof Collection<?> collection) {
            AtomicInteger index = new AtomicInteger();
            Stream<Part> elements = collection.stream()
                    .map(each -> part("[" + index.getAndIncrement() + "]", each, whole, null))
                    .flatMap(Optional::stream);
            return Stream.concat(elements, fields(whole));
        }
        if (whole instanceof Map<?, ?> map) {
            return Stream.concat(entries(map), fields(whole));
        }
        if (whole instanceof Optional<?> optional) {
            return part(".value", optional.orElse(null), whole, null).stream();
        }
        if (whole instanceof AtomicReference<?> reference) {
            return part(".value", reference.get(), whole, null).stream();
        }
        if (whole instanceof Map.Entry<?, ?> entry) {
            return Stream.of(part(".key", entry.getKey(), whole, null), part(".value", entry.getValue(), whole, null))
                    .flatMap(Optional::stream);
        }
        if (whole instanceof Throwable thrown) {
            Stream<Part> cause = part(".cause", Throwables.causeOf(thrown), whole, null).stream();
            return Stream.concat(fields(whole), cause);
        }
        return fields(whole);
    }

    private static Stream<Part> entries(Map<?, ?> map) {
        AtomicInteger index = new AtomicInteger();
        return map.entrySet().stream()
                .flatMap(entry -> {
                    int i = index.getAndIncrement();
                    return Stream.of(
                            part(".key[" + i + "]", entry.getKey(), map, null),
                            part("[" + keyName(entry.getKey(), i) + "]", entry.getValue(), map, null));
                })
                .flatMap(Optional::stream);
    }

    private static String keyName(@Nullable Object key, int index) {
        if (key instanceof String text) {
            return "\"" + Throwables.shortened(text, 60) + "\"";
        }
        return key instanceof Number || key instanceof Enum<?> ? String.valueOf(key) : "value " + index;
    }

    private static Stream<Part> fields(Object whole) {
        List<Part> parts = new ArrayList<>();
        for (Class<?> type = whole.getClass(); type != null; type = type.getSuperclass()) {
            // a lambda's or the JDK's: arg$1 tells nobody anything
            if (!type.isHidden() && !JdkValues.isJdk(type)) {
                for (Field field : type.getDeclaredFields()) {
                    valueOf(field, whole)
                            .flatMap(value -> part("." + field.getName(), value, whole, null))
                            .ifPresent(parts::add);
                }
            }
        }
        return parts.stream();
    }

    private static Optional<Object> valueOf(Field field, Object whole) {
        int modifiers = field.getModifiers();
        if (Modifier.isStatic(modifiers)
                || Modifier.isTransient(modifiers)
                || field.getType().isPrimitive()) {
            return Optional.empty();
        }
        try {
            field.setAccessible(true);
            return Optional.ofNullable(field.get(whole));
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            // a module that is closed to us: the search ends one step above
            return Optional.empty();
        }
    }

    private static Optional<Part> part(
            String step, @Nullable Object value, Object holder, @Nullable SerializedLambda lambda) {
        return value == null ? Optional.empty() : Optional.of(new Part(step, value, holder, lambda));
    }

    /** What the compiler's own {@code writeReplace} of a serialisable lambda returns; null for all else. */
    static @Nullable SerializedLambda serialized(Object value) {
        if (!ClassNames.isLambda(value.getClass()) || !(value instanceof java.io.Serializable)) {
            return null;
        }
        try {
            Method writeReplace = value.getClass().getDeclaredMethod("writeReplace");
            writeReplace.setAccessible(true);
            return writeReplace.invoke(value) instanceof SerializedLambda lambda ? lambda : null;
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            return null;
        }
    }
}
