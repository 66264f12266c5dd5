// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.shared.SharedHandle;
import io.multijvm.task.Codec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Values by Java serialisation. Without state, so threads may share it. */
record JavaSession(ClassLoader loader, Predicate<Class<?>> allowed) implements Codec.Session, TaggedEncoder {
    private static final int MAX_BYTES = Integer.MAX_VALUE - 64;

    @Override
    public void encode(@Nullable Object value, OutputStream out) throws IOException {
        ObjectOutputStream objects = new ObjectOutputStream(out);
        objects.writeObject(value);
        objects.flush();
    }

    @Override
    public byte[] encode(@Nullable Object value) {
        return encoded(new BoundedBytes(), value);
    }

    @Override
    public byte[] encodeTagged(byte tag, @Nullable Object value) {
        BoundedBytes bytes = new BoundedBytes();
        bytes.write(tag);
        return encoded(bytes, value);
    }

    private byte[] encoded(BoundedBytes bytes, @Nullable Object value) {
        try {
            encode(value, bytes);
        } catch (IOException e) {
            // NotSerializableException and its like: the stream itself cannot fail
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public @Nullable Object decode(InputStream in) throws IOException {
        return decode(in, Integer.MAX_VALUE);
    }

    @Override
    public @Nullable Object decode(byte[] bytes, int offset, int length) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes, offset, length);
        try {
            Object value = decode(in, length);
            if (in.available() > 0) {
                throw new IllegalArgumentException(in.available() + " bytes follow the value");
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Object decode(InputStream in, int length) throws IOException {
        JavaHashing hashing = allowed == AllowList.everything() ? null : new JavaHashing(length);
        try (ObjectInputStream objects = new Objects(in, loader, hashing)) {
            objects.setObjectInputFilter(info -> check(info, length, hashing));
            return objects.readObject();
        } catch (ClassNotFoundException e) {
            throw new MissingClassException(String.valueOf(e.getMessage()), e);
        }
    }

    private ObjectInputFilter.Status check(
            ObjectInputFilter.FilterInfo info, int length, @Nullable JavaHashing hashing) {
        // An element takes at least a byte; a map's table may be some times larger than its entries.
        if (info.arrayLength() > 1024L + 8L * length) {
            throw new IllegalArgumentException(
                    "an array of " + info.arrayLength() + " elements cannot come from " + length + " bytes");
        }
        Class<?> type = info.serialClass();
        if (type == null) {
            if (hashing != null) {
                hashing.mentionedAgain();
            }
            return ObjectInputFilter.Status.UNDECIDED;
        }
        Class<?> element = ClassNames.elementOf(type);
        if (element.isPrimitive() || standsForOwn(element) || allowed.test(element)) {
            if (hashing != null) {
                hashing.met(type);
            }
            return ObjectInputFilter.Status.ALLOWED;
        }
        throw new RefusedClassException(element);
    }

    /** What a handle has become, which the stream asks about; a proxy that is itself in a stream is always refused. */
    private static boolean standsForOwn(Class<?> type) {
        return Proxy.isProxyClass(type) && SharedHandle.Faced.class.isAssignableFrom(type);
    }

    /** Without the check an array that is too large for Java would look like a lack of memory. */
    private static final class BoundedBytes extends ByteArrayOutputStream {
        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            if (length > MAX_BYTES - count) {
                throw new TooLargeException(null);
            }
            super.write(bytes, offset, length);
        }
    }

    /** Finds classes by one loader only; the default takes the nearest one on the stack. */
    private static final class Objects extends ObjectInputStream {
        private final ClassLoader loader;
        private final @Nullable JavaHashing hashing;

        Objects(InputStream in, ClassLoader loader, @Nullable JavaHashing hashing) throws IOException {
            super(in);
            this.loader = loader;
            this.hashing = hashing;
            enableResolveObject(hashing != null);
        }

        @Override
        protected Object resolveObject(Object value) {
            if (hashing != null) {
                hashing.complete(value);
            }
            return value;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
            return ClassNames.load(description.getName(), loader);
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces) {
            throw new RefusedClassException(Proxy.class);
        }
    }
}
