// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Values of the JDK that every codec takes and that hold nothing else, by exact class: encoding them would only cost
 * time.
 */
final class Leaves {
    private static final Set<Class<?>> IMMUTABLE = Set.of(
            Boolean.class,
            Byte.class,
            Short.class,
            Character.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            String.class,
            BigInteger.class,
            BigDecimal.class,
            UUID.class,
            Duration.class,
            Instant.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class);

    private Leaves() {}

    /** Whether the value surely crosses. */
    static boolean crosses(@Nullable Object value) {
        return isImmutable(value) || isPrimitiveArray(value);
    }

    /** Whether the value surely crosses and a copy could not be told from it. */
    static boolean isImmutable(@Nullable Object value) {
        return value == null || IMMUTABLE.contains(value.getClass()) || isPlainEnum(value);
    }

    private static boolean isPrimitiveArray(@Nullable Object value) {
        return value != null
                && value.getClass().isArray()
                && value.getClass().getComponentType().isPrimitive();
    }

    /** An enum may have fields, but what crosses is its name. */
    private static boolean isPlainEnum(Object value) {
        return value instanceof Enum<?>;
    }
}
