// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Class names, as the codecs meet them in bytes. */
final class ClassNames {
    private static final Map<String, Class<?>> PRIMITIVES = Map.of(
            "boolean", boolean.class,
            "byte", byte.class,
            "char", char.class,
            "short", short.class,
            "int", int.class,
            "long", long.class,
            "float", float.class,
            "double", double.class,
            "void", void.class);

    private ClassNames() {}

    /** The class as this loader alone knows it, not yet initialised; never the thread's context loader. */
    static Class<?> load(String name, ClassLoader loader) throws ClassNotFoundException {
        Class<?> primitive = PRIMITIVES.get(name);
        return primitive != null ? primitive : Class.forName(name, false, loader);
    }

    /** What an array of any dimension is made of; the class itself if it is no array. */
    static Class<?> elementOf(Class<?> type) {
        Class<?> element = type;
        for (Class<?> next = element.getComponentType(); next != null; next = element.getComponentType()) {
            element = next;
        }
        return element;
    }

    /** A lambda or method reference: a hidden class that the compiler did not write. */
    static boolean isLambda(Class<?> type) {
        return type.isHidden() && type.getName().contains("$$Lambda");
    }

    /** Name for messages: lambdas by where they were written, arrays in source form. */
    static String readable(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        Class<?> type = value.getClass();
        if (isLambda(type)) {
            String name = type.getName();
            return "a lambda in " + name.substring(0, name.indexOf("$$Lambda"));
        }
        return type.getTypeName();
    }
}
