// SPDX-License-Identifier: Apache-2.0
package io.multijvm.task;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns tasks, items and results into bytes and back. Two are built in: Apache Fory (the default) and Java serialisation.
 *
 * <p>Implementations have a public constructor without parameters, for workers make their own by class name, and must be
 * on the workers' class path. A codec is thread-safe; its sessions are not, and each is used by one thread at a time.
 */
public interface Codec {

    /**
     * A new session. Expensive ones are fine: sessions are kept and used again.
     *
     * @param loader finds every class by name; nothing else may be used for that
     * @param allowed asked for each class before an object of it is made; false means refuse the whole value
     */
    Session open(ClassLoader loader, Predicate<Class<?>> allowed);

    /** Encodes and decodes whole object graphs, one at a time. */
    interface Session {

        /**
         * Writes one value.
         *
         * @throws IOException only if {@code out} does
         * @throws RuntimeException if the value cannot cross, for whatever reason
         */
        void encode(@Nullable Object value, OutputStream out) throws IOException;

        /**
         * Reads one value that {@link #encode} wrote.
         *
         * @throws IOException if the bytes do not hold a value
         * @throws RuntimeException if a class is missing or refused
         */
        @Nullable
        Object decode(InputStream in) throws IOException;

        /** As {@link #encode(Object, OutputStream)}, into a new array: the usual way, for values up to a GiB. */
        byte[] encode(@Nullable Object value);

        /** As {@link #decode(InputStream)}, from part of an array: the usual way, for values up to a GiB. */
        @Nullable
        Object decode(byte[] bytes, int offset, int length);
    }
}
