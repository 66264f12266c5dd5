// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which objects {@code hashCode} of an object goes on to, for the JDK's values and for records, whose {@code hashCode} nobody
 * wrote. What a class of the user's does is its own code: to us it has no parts.
 */
final class HashedParts {
    private static final ClassValue<Field[]> FIELDS = new ClassValue<>() {
        @Override
        protected Field[] computeValue(Class<?> type) {
            return readableFields(type);
        }
    };

    private HashedParts() {}

    /** Whether it may have any. */
    static boolean has(Object value) {
        if (value instanceof String || value instanceof Number) {
            return false; // most are, and it is told faster than what they are not
        }
        return value instanceof List
                || value instanceof Set
                || (value instanceof Map && !(value instanceof IdentityHashMap))
                || value instanceof Map.Entry
                || value instanceof Optional
                || value instanceof Record;
    }

    /** Each of them, as often as it is hashed. */
    static void forEach(Object value, Consumer<@Nullable Object> part) {
        if (value instanceof List || value instanceof Set) {
            for (Object element : (Iterable<?>) value) {
                part.accept(element);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                part.accept(entry.getKey());
                part.accept(entry.getValue());
            }
        } else if (value instanceof Map.Entry<?, ?> entry) {
            part.accept(entry.getKey());
            part.accept(entry.getValue());
        } else if (value instanceof Optional<?> optional) {
            optional.ifPresent(part);
        } else {
            for (Field field : FIELDS.get(value.getClass())) {
                part.accept(read(field, value));
            }
        }
    }

    private static Field[] readableFields(Class<?> type) {
        Field[] fields = Arrays.stream(type.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()) && !isPlain(field.getType()))
                .toArray(Field[]::new);
        try {
            for (Field field : fields) {
                field.setAccessible(true);
            }
        } catch (InaccessibleObjectException e) {
            return new Field[0]; // of a module that is not open: its own code, as any other class's
        }
        return fields;
    }

    private static boolean isPlain(Class<?> type) {
        return type.isPrimitive() || type.isArray() || type.isEnum() || type == String.class;
    }

    private static @Nullable Object read(Field field, Object value) {
        try {
            return field.get(value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " was made accessible", e);
        }
    }
}
