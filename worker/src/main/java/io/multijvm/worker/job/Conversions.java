// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import java.io.File;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** From a line or a number to what a method takes. A line that does not fit is refused with a message that quotes it. */
public final class Conversions {
    private static final int QUOTED_CHARS = 80;
    private static final int LISTED_CONSTANTS = 12;

    private static final Map<Class<?>, Function<String, Object>> FROM_LINES = fromLines();
    private static final Map<Class<?>, LongFunction<Object>> FROM_NUMBERS = fromNumbers();

    private Conversions() {}

    /** Whether a line can become this type. */
    public static boolean takesLines(Class<?> type) {
        return fromLine(type) != null || type == byte[].class;
    }

    /** Whether a number of a range can become this type. */
    public static boolean takesNumbers(Class<?> type) {
        return FROM_NUMBERS.containsKey(type);
    }

    /** Whether a JSON value can become this type; what its parts take is known only when one comes. */
    public static boolean takesJson(Class<?> type) {
        return JsonValues.canBe(type);
    }

    /** What turns items into this type; throws {@link IllegalArgumentException} for an item that does not fit. */
    static Function<Object, @Nullable Object> to(Class<?> type) {
        return item -> {
            if (item instanceof String line) {
                return ofLine(line, type);
            }
            if (item instanceof Long number) {
                return ofNumber(number, type);
            }
            if (item instanceof byte[] raw) {
                return ofRawLine(raw, type);
            }
            throw new IllegalArgumentException(
                    "an item is a line or a number, not a " + item.getClass().getName());
        };
    }

    private static Object ofLine(String line, Class<?> type) {
        if (type == byte[].class) {
            return line.getBytes(StandardCharsets.UTF_8);
        }
        Function<String, Object> conversion = fromLine(type);
        if (conversion == null) {
            throw new IllegalArgumentException("a line cannot become a " + type.getName());
        }
        try {
            return conversion.apply(line);
        } catch (IllegalArgumentException e) {
            // NumberFormatException and its like say less than we know; their text is left out.
            throw new IllegalArgumentException(
                    "the line " + quote(line) + " is not " + described(type) + constantsOf(type));
        }
    }

    private static Object ofNumber(long number, Class<?> type) {
        LongFunction<Object> conversion = FROM_NUMBERS.get(type);
        if (conversion == null) {
            throw new IllegalArgumentException("a number cannot become a " + type.getName());
        }
        try {
            return conversion.apply(number);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(number + " does not fit into " + described(type));
        }
    }

    private static Object ofRawLine(byte[] raw, Class<?> type) {
        if (type == byte[].class) {
            return raw;
        }
        throw new IllegalArgumentException("the line " + quote(new String(raw, StandardCharsets.UTF_8))
                + " is not valid UTF-8; convert the input, or let the method take a byte[]");
    }

    private static @Nullable Function<String, Object> fromLine(Class<?> type) {
        return type.isEnum() ? line -> constant(type, line.strip()) : FROM_LINES.get(type);
    }

    private static Object constant(Class<?> type, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> ((Enum<?>) each).name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name));
    }

    private static String constantsOf(Class<?> type) {
        if (!type.isEnum()) {
            return "";
        }
        Object[] constants = type.getEnumConstants();
        return Arrays.stream(constants)
                .limit(LISTED_CONSTANTS)
                .map(each -> ((Enum<?>) each).name())
                .collect(Collectors.joining(", ", ": one of ", constants.length > LISTED_CONSTANTS ? ", ..." : ""));
    }

    static String described(Class<?> type) {
        String name = type.getSimpleName();
        return ("aeiouAEIOU".indexOf(name.charAt(0)) < 0 ? "a " : "an ") + name;
    }

    /** In quotation marks, shortened. */
    static String quote(String line) {
        return line.length() <= QUOTED_CHARS ? '"' + line + '"' : '"' + line.substring(0, QUOTED_CHARS) + "...\"";
    }

    private static Map<Class<?>, Function<String, Object>> fromLines() {
        Map<Class<?>, Function<String, Object>> all = new HashMap<>();
        both(all, long.class, Long.class, line -> Long.parseLong(line.strip()));
        both(all, int.class, Integer.class, line -> Integer.parseInt(line.strip()));
        both(all, short.class, Short.class, line -> Short.parseShort(line.strip()));
        both(all, byte.class, Byte.class, line -> Byte.parseByte(line.strip()));
        both(all, double.class, Double.class, line -> Double.parseDouble(line.strip()));
        both(all, float.class, Float.class, line -> Float.parseFloat(line.strip()));
        both(all, boolean.class, Boolean.class, line -> truth(line.strip()));
        both(all, char.class, Character.class, Conversions::onlyChar);
        all.put(String.class, line -> line);
        all.put(CharSequence.class, line -> line);
        all.put(Object.class, line -> line);
        all.put(BigInteger.class, line -> new BigInteger(line.strip()));
        all.put(BigDecimal.class, line -> new BigDecimal(line.strip()));
        all.put(Path.class, Path::of);
        all.put(File.class, File::new);
        all.put(URI.class, line -> URI.create(line.strip()));
        return Map.copyOf(all);
    }

    private static Map<Class<?>, LongFunction<Object>> fromNumbers() {
        Map<Class<?>, LongFunction<Object>> all = new HashMap<>();
        both(all, long.class, Long.class, number -> number);
        both(all, int.class, Integer.class, Math::toIntExact);
        both(all, short.class, Short.class, number -> exact((short) number, number));
        both(all, byte.class, Byte.class, number -> exact((byte) number, number));
        both(all, double.class, Double.class, number -> (double) number);
        both(all, float.class, Float.class, number -> (float) number);
        all.put(String.class, Long::toString);
        all.put(CharSequence.class, Long::toString);
        all.put(Object.class, number -> number);
        all.put(Number.class, number -> number);
        all.put(BigInteger.class, BigInteger::valueOf);
        all.put(BigDecimal.class, BigDecimal::valueOf);
        return Map.copyOf(all);
    }

    private static <V> void both(Map<Class<?>, V> all, Class<?> primitive, Class<?> boxed, V conversion) {
        all.put(primitive, conversion);
        all.put(boxed, conversion);
    }

    private static Object exact(Number narrowed, long number) {
        if (narrowed.longValue() != number) {
            throw new ArithmeticException();
        }
        return narrowed;
    }

    /** Strict, for {@code Boolean.parseBoolean} takes every misprint for false. */
    private static Boolean truth(String word) {
        if (word.equalsIgnoreCase("true")) {
            return true;
        }
        if (word.equalsIgnoreCase("false")) {
            return false;
        }
        throw new IllegalArgumentException(word);
    }

    private static Character onlyChar(String line) {
        if (line.length() != 1) {
            throw new IllegalArgumentException(line);
        }
        return line.charAt(0);
    }
}
