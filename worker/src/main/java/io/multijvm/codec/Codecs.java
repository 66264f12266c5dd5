// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.task.Codec;
import java.lang.reflect.InvocationTargetException;

/** Makes codecs by name: a worker is told only the class name of its pool's codec. */
public final class Codecs {
    private Codecs() {}

    /**
     * A new codec of that class.
     *
     * @throws IllegalArgumentException if there is no such class, it is no {@link Codec}, or it cannot be made; the message
     *     says which, and what to do
     */
    public static Codec byClassName(String className, ClassLoader loader) {
        try {
            Class<?> type = Class.forName(className, true, loader);
            return type.asSubclass(Codec.class).getConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    "codec " + className + " is not on the class path; add its jar to the workers' class path", e);
        } catch (ClassCastException e) {
            throw new IllegalArgumentException(
                    "codec " + className + " does not implement " + Codec.class.getName() + " as this JVM knows it", e);
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            throw new IllegalArgumentException(
                    "codec " + className + " must be a public class with a public constructor without parameters", e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("the constructor of codec " + className + " threw", e.getCause());
        }
    }
}
