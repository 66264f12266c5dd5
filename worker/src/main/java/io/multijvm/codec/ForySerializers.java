// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.fory.Fory;
import org.apache.fory.context.ReadContext;
import org.apache.fory.context.WriteContext;
import org.apache.fory.resolver.TypeResolver;
import org.apache.fory.serializer.JdkProxySerializer;
import org.apache.fory.serializer.LambdaSerializer;
import org.apache.fory.serializer.Serializer;
import org.apache.fory.serializer.collection.MapSerializer;
import org.jspecify.annotations.Nullable;

/** Serializers of ours in the place of Fory's. */
final class ForySerializers {
    private ForySerializers() {}

    /**
     * Fory would copy a path with its fields, and so make a second file system with the writer's working directory. Here
     * its text crosses.
     */
    static void addPaths(Fory fory) {
        addPaths(fory, FileSystems.getDefault().getPath("").getClass());
    }

    private static <T extends Path> void addPaths(Fory fory, Class<T> type) {
        fory.registerSerializer(type, new Paths<>(fory.getTypeResolver(), type));
    }

    private static final class Paths<T extends Path> extends Serializer<T> {
        Paths(TypeResolver resolver, Class<T> type) {
            super(resolver.getConfig(), type);
        }

        @Override
        public void write(WriteContext context, T path) {
            context.writeString(path.toString());
        }

        @Override
        public T read(ReadContext context) {
            return type.cast(FileSystems.getDefault().getPath(context.readString()));
        }
    }

    /** Entries of {@code Map.of} and the like, whose class Fory refuses. */
    static void addEntries(Fory fory) {
        addEntries(fory, Map.entry(0, 0).getClass());
    }

    private static <T extends Map.Entry<?, ?>> void addEntries(Fory fory, Class<T> type) {
        fory.registerSerializer(type, new Entries<>(fory.getTypeResolver(), type));
    }

    private static final class Entries<T extends Map.Entry<?, ?>> extends Serializer<T> {
        Entries(TypeResolver resolver, Class<T> type) {
            super(resolver.getConfig(), type);
        }

        @Override
        public void write(WriteContext context, T entry) {
            context.writeRef(entry.getKey());
            context.writeRef(entry.getValue());
        }

        @Override
        public T read(ReadContext context) {
            Object key = context.readRef();
            return type.cast(Map.entry(key, context.readRef()));
        }
    }

    /**
     * Old tables, which Fory would let read themselves by their own {@code readObject}: here they cross as any other map, so
     * that a reader may look at each key. The defaults of properties cross flat.
     */
    static void addTables(Fory fory) {
        TypeResolver resolver = fory.getTypeResolver();
        fory.registerSerializer(Hashtable.class, new MapSerializer<>(resolver, Hashtable.class, false));
        fory.registerSerializer(Properties.class, new PropertiesSerializer(resolver));
    }

    private static final class PropertiesSerializer extends MapSerializer<Properties> {
        PropertiesSerializer(TypeResolver resolver) {
            super(resolver, Properties.class, false);
        }

        @Override
        public void write(WriteContext context, Properties properties) {
            Map<String, String> defaults = new HashMap<>();
            for (String name : properties.stringPropertyNames()) {
                if (!(properties.get(name) instanceof String)) {
                    defaults.put(name, properties.getProperty(name));
                }
            }
            context.writeRef(defaults.isEmpty() ? null : defaults);
            super.write(context, properties);
        }

        @Override
        public Map<?, ?> newMap(ReadContext context, boolean flag) {
            Properties defaults = null;
            if (context.readRef() instanceof Map<?, ?> written) {
                defaults = new Properties();
                defaults.putAll(written);
            }
            setNumElements(readMapSize(context, context.getBuffer(), flag));
            Properties properties = new Properties(defaults);
            context.reference(properties);
            return properties;
        }
    }

    /** Fory knows lambdas and proxies by number and never asks its type checker for them: so they ask here. */
    static void guard(Fory fory, Predicate<Class<?>> allowed) {
        TypeResolver resolver = fory.getTypeResolver();
        guard(resolver, LambdaSerializer.ReplaceStub.class, SerializedLambda.class, allowed);
        guard(resolver, SerializedLambda.class, SerializedLambda.class, allowed);
        guard(resolver, JdkProxySerializer.ReplaceStub.class, Proxy.class, allowed);
    }

    private static <T> void guard(TypeResolver resolver, Class<T> stub, Class<?> asked, Predicate<Class<?>> allowed) {
        Serializer<T> real = resolver.getSerializer(stub);
        resolver.setSerializer(stub, new Guarded<>(resolver, stub, real, asked, allowed));
    }

    private static final class Guarded<T> extends Serializer<T> {
        private final Serializer<T> real;
        private final Class<?> asked;
        private final Predicate<Class<?>> allowed;

        Guarded(TypeResolver resolver, Class<T> type, Serializer<T> real, Class<?> asked, Predicate<Class<?>> allowed) {
            super(resolver.getConfig(), type);
            this.real = real;
            this.asked = asked;
            this.allowed = allowed;
        }

        @Override
        public void write(WriteContext context, T value) {
            real.write(context, value);
        }

        @Override
        public @Nullable T read(ReadContext context) {
            if (!allowed.test(asked)) {
                throw new RefusedClassException(asked);
            }
            return real.read(context);
        }
    }
}
