// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import com.google.gson.reflect.TypeToken;
import io.multijvm.task.Job;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a job class says its items are, through whatever classes and interfaces stand between it and {@link Job}. */
public final class JobTypes {
    private JobTypes() {}

    /** The {@code I} of {@code Job<I, R>}; {@code Object} for a raw job. */
    public static Type itemOf(Class<?> job) {
        Type found = search(job, Map.of());
        return found == null ? Object.class : found;
    }

    /** The same without its type arguments. */
    public static Class<?> rawItemOf(Class<?> job) {
        return TypeToken.get(itemOf(job)).getRawType();
    }

    private static @Nullable Type search(@Nullable Type type, Map<TypeVariable<?>, Type> known) {
        if (type == null) {
            return null;
        }
        Class<?> raw = TypeToken.get(type).getRawType();
        Map<TypeVariable<?>, Type> inside = new HashMap<>();
        if (type instanceof ParameterizedType parameterized) {
            Type[] arguments = parameterized.getActualTypeArguments();
            for (int i = 0; i < arguments.length; i++) {
                inside.put(raw.getTypeParameters()[i], resolved(arguments[i], known));
            }
        }
        if (raw == Job.class) {
            return inside.get(Job.class.getTypeParameters()[0]);
        }
        for (Type each : raw.getGenericInterfaces()) {
            Type found = search(each, inside);
            if (found != null) {
                return found;
            }
        }
        return search(raw.getGenericSuperclass(), inside);
    }

    /** The type with its variables replaced; by its bound where nothing says what a variable is. */
    private static Type resolved(Type type, Map<TypeVariable<?>, Type> known) {
        if (type instanceof TypeVariable<?> variable) {
            Type value = known.get(variable);
            return value == null ? TypeToken.get(variable.getBounds()[0]).getRawType() : value;
        }
        if (type instanceof WildcardType wildcard) {
            return resolved(wildcard.getUpperBounds()[0], known);
        }
        if (type instanceof GenericArrayType array) {
            return TypeToken.getArray(resolved(array.getGenericComponentType(), known))
                    .getType();
        }
        if (type instanceof ParameterizedType parameterized) {
            Type[] arguments = Arrays.stream(parameterized.getActualTypeArguments())
                    .map(each -> resolved(each, known))
                    .toArray(Type[]::new);
            return TypeToken.getParameterized(parameterized.getRawType(), arguments)
                    .getType();
        }
        return type;
    }
}
